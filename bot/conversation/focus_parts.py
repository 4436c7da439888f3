"""What somebody practises most or keeps up, and whom they tell, in a card: said where it is chosen, else offered."""

from collections.abc import Mapping
from typing import Any

from bot.conversation.cards import Button, Buttons, Note, Paragraph, Part, People, Style
from bot.conversation.focus_view import Onwards
from bot.conversation.letters import Peer, Practising
from bot.conversation.texts import Words
from lessons.models import Text
from lessons.taxonomy import Behaviour


def practising_parts(practising: Practising, words: Words) -> list[Part]:
    """Return it for beside an exercise."""
    if practising.is_kept:
        if practising.behaviours:
            return [
                Note(kept_text(practising.behaviours[0], words, is_by_choice=practising.is_by_choice)),
                Buttons((_keep_button("keep_change", words),)),
            ]
        return [Paragraph(words("focus.keep_asks")), Buttons((_keep_button("keep_choose", words, Style.PRIMARY),))]
    if practising.behaviours:
        return [Note(_most(practising, words)), Buttons((_focus_button("change", practising, words),))]
    return [Note(words("focus.offer")), Buttons((_focus_button("choose", practising, words),))]


def practising_at_home(practising: Practising, words: Words) -> list[Part]:
    """Return it for Home, where it can always be changed."""
    if practising.is_kept:
        return practising_parts(practising, words)
    if practising.behaviours:
        return [Paragraph(_most(practising, words)), Buttons((_focus_button("change", practising, words),))]
    return practising_parts(practising, words)


def onwards_parts(onwards: Onwards, words: Words) -> list[Part]:
    """Return what may come after the programme, and the choice of what to keep up whether it comes or not."""
    title, about = words.of(onwards.title), words.of(onwards.about)
    parts: list[Part] = [Paragraph(words("focus.onwards", title=title, about=about, contact=onwards.contact))]
    if onwards.kept is not None:
        return [
            *parts,
            Note(kept_text(onwards.kept, words, is_by_choice=onwards.is_by_choice)),
            Buttons((_keep_button("keep_change", words),)),
        ]
    return [*parts, Buttons((_keep_button("onwards_choose", words),))]


def peer_parts(peer: Peer | None, words: Words, *, is_asked: bool = False) -> list[Part]:
    """Return whom the person tells, with the way to the chat where there is one; or the offer to choose somebody.
    `is_asked`: in the answer to how it went, where there is something to tell."""
    if peer is None:
        return [Buttons((_peer_button("peer_choose", words),))]
    said, named = ("peer_tell", "peer_tell_name") if is_asked else ("peer_now", "peer_now_name")
    who: Part = (
        People(words(f"focus.{said}"), (peer.external_id,))
        if peer.external_id
        else Paragraph(words(f"focus.{named}", name=peer.name))
    )
    chat = Button(text=words("focus.peer_chat"), action="peer.chat", url=peer.chat)
    change = _peer_button("peer_change", words)
    if is_asked:
        return [who, *([Buttons((chat,))] if peer.chat else [])]
    return [who, Buttons((chat, change) if peer.chat else (change,))]


def chosen_lines(data: Mapping[str, Any], behaviours: Mapping[str, Behaviour], words: Words) -> list[tuple[str, str]]:
    """Return what is held about somebody's choices, each with when it was made."""

    def label(key: str) -> str:
        return words.of(behaviours[key].label) if key in behaviours else key

    lines = [(row["chosen_at"], "title", label(row["behaviour"])) for row in data["focus"]]
    lines += [(row["chosen_at"], "keep_title", label(row["behaviour"])) for row in data["kept_behaviour"]]
    lines += [(row["chosen_at"], "peer_title", row["name"] or row["external_id"]) for row in data["told"]]
    return [(at, words("my_data.line", title=words(f"focus.{title}"), what=what)) for at, title, what in lines]


def behaviours_in_words(labels: tuple[Text, ...], words: Words) -> str:
    return " · ".join(words.of(label) for label in labels)


def kept_text(label: Text, words: Words, *, is_by_choice: bool) -> str:
    """Say what is kept up; where nothing was chosen, that it is so unless something is."""
    return words("focus.keep_now" if is_by_choice else "focus.keep_unless", behaviour=words.of(label))


def _most(practising: Practising, words: Words) -> str:
    return words("focus.now", behaviours=behaviours_in_words(practising.behaviours, words))


def _focus_button(key: str, practising: Practising, words: Words) -> Button:
    value = str(practising.enrolment_id)
    return Button(text=words(f"focus.{key}"), action="focus.open", value=value, opens_form=True)


def _keep_button(key: str, words: Words, style: Style = Style.PLAIN) -> Button:
    return Button(text=words(f"focus.{key}"), action="keep.open", style=style, opens_form=True)


def _peer_button(key: str, words: Words) -> Button:
    return Button(text=words(f"focus.{key}"), action="peer.open", opens_form=True)
