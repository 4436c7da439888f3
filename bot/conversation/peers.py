"""Somebody to tell: whom a person chooses for themselves. Knuff writes to nobody, and nobody else sees it."""

from bot.conversation.answering import about, shown_again, was_about
from bot.conversation.cards import Card, Form, Heading, Note, PeopleInput, TextInput
from bot.conversation.command_words import LONGEST_NAME
from bot.conversation.events import Pressed, Submitted
from bot.conversation.focus_parts import peer_parts
from bot.conversation.letters import Peer
from bot.conversation.peer_view import own_peer
from bot.conversation.shows import OpenForm, Refuse, Say, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import Routes, Typed, Visit
from storage import messages, peers
from storage.tables.people import Platform

NOBODY = frozenset({"ingen", "nobody", "none"})


def ask(visit: Visit, event: Pressed) -> list[Show]:
    ref, platform = about("", event.message), visit.workspace.platform
    return [OpenForm(peer_form(own_peer(visit), visit.words, about=ref, platform=platform))]


def peer_form(peer: Peer | None, words: Words, *, about: str, platform: str) -> Form:
    picked = (peer.external_id,) if peer and peer.external_id else ()
    return Form(
        name="peer",
        about=about,
        title=words("focus.peer_title"),
        submit=words("focus.submit"),
        close=words("typed.close"),
        body=(
            PeopleInput(
                name="person",
                label=words("focus.peer_pick"),
                hint=words("focus.peer_pick_hint"),
                initial=picked,
                optional=True,
            ),
            TextInput(
                name="who",
                label=words("focus.peer_name"),
                hint=words("focus.peer_name_hint") if platform == Platform.TEAMS else None,
                initial=(peer.name or "") if peer else "",
                most=LONGEST_NAME,
                optional=True,
            ),
            Note(words("focus.peer_note")),
        ),
    )


def chose(visit: Visit, event: Submitted) -> list[Show]:
    words = visit.words
    picked = list(dict.fromkeys(one.external_id for one in event.profiles.get("person", ())))
    name = " ".join(event.text("who").split())[:LONGEST_NAME]
    if len(picked) > 1:
        return [Refuse({"person": words("focus.peer_one")})]
    if visit.person.external_id in picked:
        return [Refuse({"person": words("focus.peer_self")})]
    if picked and name:
        return [Refuse({"who": words("focus.peer_either")})]
    peers.choose(visit.session, visit.person, external_id=picked[0] if picked else None, name=name, now=visit.now)
    _, at = was_about(event.about)
    where = {"conversation_id": at.conversation, "message_id": at.message} if at else None
    carrier = messages.carrier_at(visit.session, visit.person, **where) if where else None
    return [*_said(visit), *shown_again(visit, carrier)]


def typed_peer(visit: Visit, typed: Typed) -> list[Show]:
    if typed.rest:  # which is without capitals
        wrote = typed.event.text.partition(":")[2].strip(" .")
        name = None if wrote.casefold() in NOBODY else wrote
        peers.choose(visit.session, visit.person, external_id=None, name=name, now=visit.now)
    return _said(visit)


def _said(visit: Visit) -> list[Show]:
    words, peer = visit.words, own_peer(visit)
    title = words("focus.peer_title")
    none = [] if peer else [Note(words("focus.peer_none"))]
    parts = (Heading(title), *none, *peer_parts(peer, words), Note(words("focus.peer_typed")))
    return [Say(Card(summary=title, parts=parts))]


ROUTES = Routes(
    presses={"peer.open": ask, "peer.chat": lambda _visit, _event: []},
    forms={"peer": chose},
    commands={"peer": typed_peer},
)
