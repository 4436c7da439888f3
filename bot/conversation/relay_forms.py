"""The forms that a relay's teams fill in: the baton, what they go on with, and how that goes. Pure."""

from collections.abc import Sequence
from datetime import date

from bot.conversation.cards import ChoiceInput, DateInput, Form, Input, Note, Option, Paragraph, Part, TextInput
from bot.conversation.events import Submitted
from bot.conversation.relay_doubts import Text
from bot.conversation.saving import LONGEST
from bot.conversation.texts import Words
from lessons.batons import MOST_WORDS
from lessons.batons import Part as BatonPart
from lessons.challenges import Challenge
from storage.batons import STEP
from storage.relay_reading import Commitment
from storage.relay_reading import Words as BatonWords

TESTED = "tested"
MOST_PROMISE_WORDS = 40
MOST_ROLE_WORDS = 10
MOST_SENTENCE_WORDS = 30


def promise_form(words: Words, *, leg_id: int, organisation: str, kept: Commitment | None, initial: date) -> Form:
    """What a team's organisation goes on with: one thing, a role, a day."""
    return Form(
        name="relay.promise",
        about=str(leg_id),
        title=words("relays.promise_title"),
        submit=words("relays.promise_submit"),
        close=words("relays.cancel"),
        body=(
            Paragraph(words("relays.promise_intro", organisation=organisation)),
            TextInput(
                name="text",
                label=words("relays.promise_label"),
                hint=words("rounds.at_most_words", number=MOST_PROMISE_WORDS),
                initial=kept.words if kept is not None else "",
                multiline=True,
                most=LONGEST,
            ),
            TextInput(
                name="role",
                label=words("relays.role_label"),
                hint=f"{words('rounds.write_a_role')} {words('rounds.at_most_words', number=MOST_ROLE_WORDS)}",
                initial=kept.owner_role if kept is not None else "",
                most=LONGEST,
            ),
            DateInput(
                name="due_on",
                label=words("relays.due_label"),
                initial=(kept.due_on if kept is not None else initial).isoformat(),
            ),
            Note(words("relays.all_read")),
            Note(words("saving.warning")),
        ),
    )


def follow_up_form(words: Words, *, leg_id: int, weeks: int, answers: Sequence[str], promised: str | None) -> Form:
    """How it goes with what the team promised. The answer is the team's."""
    before: tuple[Part, ...] = () if promised is None else (Paragraph(promised),)
    return Form(
        name="relay.follow_up",
        about=f"{leg_id}:{weeks}",
        title=words("relays.follow_up_page"),
        submit=words("relays.follow_up_submit"),
        close=words("relays.cancel"),
        body=(
            *before,
            ChoiceInput(
                name="said",
                label=words("relays.follow_up_label"),
                options=tuple(Option(one, words(f"relays.follow_up_{one}")) for one in answers),
            ),
            TextInput(
                name="text",
                label=words("relays.follow_up_text"),
                hint=words("rounds.at_most_words", number=MOST_SENTENCE_WORDS),
                multiline=True,
                most=LONGEST,
                optional=True,
            ),
            Note(words("relays.follow_up_once")),
            Note(words("relays.all_read")),
            Note(words("saving.warning")),
        ),
    )


def baton_form(words: Words, challenge: Challenge, *, leg_id: int, kept: BatonWords | None) -> Form:
    """The baton, with what the team has written so far."""
    labels = _labels(challenge, words)
    inputs: list[Input] = [
        TextInput(
            name=part,
            label=labels[part],
            hint=words("rounds.at_most_words", number=MOST_WORDS),
            initial=str(getattr(kept, part)) if kept is not None else "",
            multiline=True,
            most=LONGEST,
        )
        for part in BatonPart
    ]
    chosen = () if kept is None or kept.tested is None else ("yes" if kept.tested else "no",)
    answers = tuple(Option(answer, words(f"rounds.{answer}")) for answer in ("yes", "no"))
    inputs.append(ChoiceInput(name=TESTED, label=labels[TESTED], options=answers, initial=chosen))
    return Form(
        name="relay.write",
        about=str(leg_id),
        title=words("relays.baton_title"),
        submit=words("relays.baton_submit"),
        close=words("relays.cancel"),
        body=(
            Paragraph(words("relays.write_intro")),
            *inputs,
            Note(words("relays.baton_all_read")),
            Note(words("saving.warning")),
        ),
    )


def baton_texts(sent: Submitted, challenge: Challenge, words: Words) -> list[Text]:
    """Return the four texts that were sent, with what each was asked."""
    labels = _labels(challenge, words)
    return [
        Text(name=part, label=labels[part], text=sent.text(part).strip(), most_words=MOST_WORDS) for part in BatonPart
    ]


def _labels(challenge: Challenge, words: Words) -> dict[str, str]:
    """Return what each input asks, as the challenge says it."""
    asked = {part.value: words(f"relays.part_{part}") for part in BatonPart}
    asked[TESTED] = words("relays.document_tested")
    step = challenge.step(STEP)
    if step is not None and step.hand_in is not None:
        asked |= {one.key: words.of(one.label) for one in step.hand_in.inputs}
    return asked
