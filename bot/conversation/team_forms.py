"""The coordinator's forms for teams and their challenges: pure functions of what is known, in their language."""

from collections.abc import Sequence
from datetime import date

from bot.conversation import pairing_forms
from bot.conversation.cards import (
    Audience,
    ChoiceInput,
    DateInput,
    Facts,
    Form,
    Heading,
    Input,
    Note,
    Option,
    Paragraph,
    Part,
    People,
    PeopleInput,
)
from bot.conversation.team_inputs import language_and_days, name_input
from bot.conversation.texts import Words
from lessons.challenges import Challenge
from scheduler.timeline import StepMoments, Timeline

MOST_SAID = 100
DEFAULT_SLOT = "10:00"
DEFAULT_FLAGS = ("eves", "half_eves", "christmas_week")


def new_team(words: Words, *, begun_in: str, reads_channels: bool) -> Form:
    """Everything that is decided for a team. `begun_in`: the channel it was begun in, with the message there, or empty
    where it is to be picked. `reads_channels`: whether we are told who is in one."""
    channel: tuple[Input, ...] = (
        PeopleInput(
            name="channel",
            label=words("teams.channel_label"),
            hint=words("teams.channel_hint"),
            audience=Audience.CHANNEL,
        ),
    )
    if reads_channels:
        options = Option("no", words("teams.everybody_no")), Option("yes", words("teams.everybody_yes"))
        label = words("teams.everybody_label")
        channel += (ChoiceInput(name="everybody", label=label, options=options, initial=("no",)),)
    return Form(
        name="team.new",
        about=begun_in,
        title=words("teams.new_title"),
        submit=words("teams.new_submit"),
        close=words("coordinating.cancel"),
        body=(
            Note(words("teams.new_intro")),
            name_input(words),
            *(() if begun_in else channel),
            PeopleInput(
                name="people", label=words("teams.people_label"), hint=words("teams.people_hint"), optional=True
            ),
            PeopleInput(
                name="facilitator", label=words("teams.facilitator_label"), hint=words("teams.facilitator_hint")
            ),
            *language_and_days(words, language=words.language, slot=DEFAULT_SLOT, flags=DEFAULT_FLAGS),
        ),
    )


def pick_people(words: Words, *, team_id: int, subject: str) -> Form:
    """Pick people for a team: `subject` is "add" or "remove"."""
    return Form(
        name=f"team.{subject}",
        about=str(team_id),
        title=words(f"teams.{subject}_title"),
        submit=words(f"teams.{subject}_submit"),
        close=words("coordinating.cancel"),
        body=(PeopleInput(name="people", label=words(f"teams.{subject}_label"), hint=words(f"teams.{subject}_hint")),),
    )


def choose_challenge(words: Words, *, team_id: int, challenges: Sequence[Challenge]) -> Form:
    """Choose what the team is to do, among names with how long it takes and how many can do it."""
    options = tuple(Option(one.id, _option(words, one)) for one in challenges)
    return Form(
        name="round.new",
        about=str(team_id),
        title=words("teams.round_title"),
        submit=words("teams.challenge_submit"),
        close=words("coordinating.cancel"),
        body=(
            Note(words("teams.challenge_intro")),
            ChoiceInput(
                name="challenge",
                label=words("teams.challenge_label"),
                options=options,
                initial=(options[0].value,),
            ),
        ),
    )


def plan_round(
    words: Words, challenge: Challenge, *, team_id: int, first_possible: date, mandate: str | None = None
) -> Form:
    """Choose the first day, and what else the challenge needs settled. `mandate`: who says yes or no for the team so
    far."""
    picks: tuple[Input, ...] = ()
    if challenge.mandate is not None:
        picks = (
            PeopleInput(
                name="mandate",
                label=words("teams.mandate_label"),
                hint=words("teams.mandate_hint"),
                initial=(mandate,) if mandate is not None else (),
            ),
        )
    return Form(
        name="round.plan",
        about=f"{team_id}:{challenge.id}",
        title=words("teams.round_title"),
        submit=words("coordinating.new_submit"),
        close=words("coordinating.cancel"),
        body=(
            Note(words("teams.round_intro")),
            Heading(words.of(challenge.title)),
            Paragraph(words.of(challenge.about)),
            Facts(
                (
                    (words("teams.preview_who"), words.of(challenge.team.who)),
                    (words("teams.page_size"), _size(words, challenge)),
                )
            ),
            DateInput(name="starts_on", label=words("teams.starts_on_label"), initial=first_possible.isoformat()),
            *picks,
            *pairing_forms.inputs(words, [challenge]),
        ),
    )


def round_preview(
    words: Words,
    challenge: Challenge,
    timeline: Timeline,
    *,
    team: str,
    zone: str,
    waits: list[str],
    warned: Sequence[Part],
    mandate: str | None,
    across_units: bool,
    draft: str,
) -> Form:
    """The whole round on the calendar, before anybody hears of it. The only button begins it. `mandate`: who says yes
    or no, by the platform's own id. `across_units`: where people are put together, those of different units are.
    `warned`: what is in the way as things are."""
    skipped: tuple[Part, ...] = ()
    if waits:
        skipped = (Heading(words("teams.waits_title")), Paragraph("\n".join(waits)))
    return Form(
        name="round.confirm",
        about=draft,
        title=words("coordinating.preview_title"),
        submit=words("teams.round_submit"),
        close=words("coordinating.cancel"),
        body=(
            Note(words("teams.preview_intro")),
            *warned,
            Heading(words.of(challenge.title)),
            Paragraph(words.of(challenge.about)),
            Facts(
                (
                    (words("teams.preview_team"), team),
                    (words("teams.preview_who"), words.of(challenge.team.who)),
                    (words("teams.preview_first"), words.long_day(timeline.starts_on)),
                    (words("teams.preview_last"), words.long_day(timeline.ends_on)),
                    *pairing_forms.facts(words, challenge, across_units=across_units),
                )
            ),
            *_mandate(words, challenge, mandate),
            Heading(words("teams.preview_steps")),
            *(Paragraph(_step_line(words, challenge, moments, zone)) for moments in timeline.steps),
            *skipped,
            Heading(words("rounds.safeguards")),
            *(Paragraph(f"• {words.of(one)}") for one in challenge.safeguards),
            Note(words("teams.preview_replaces")),
            *_consent(words, challenge),
        ),
    )


def _option(words: Words, challenge: Challenge) -> str:
    return words("teams.challenge_option", title=words.of(challenge.title), size=_size(words, challenge))


def _size(words: Words, challenge: Challenge) -> str:
    """How long it takes and for how many it is; a limit that no team reaches is not said."""
    days, least, most = words.count("teams.days", challenge.length), challenge.team.least, challenge.team.most
    if most > MOST_SAID:
        return words("teams.size_from", days=days, least=least)
    return words("teams.size", days=days, least=least, most=most)


def _mandate(words: Words, challenge: Challenge, mandate: str | None) -> tuple[Part, ...]:
    if challenge.mandate is None or mandate is None:
        return ()
    return Paragraph(words.of(challenge.mandate)), People(words("rounds.mandate_is"), (mandate,))


def _consent(words: Words, challenge: Challenge) -> tuple[Input, ...]:
    """What those concerned must have agreed to before it begins."""
    if challenge.consent is None:
        return ()
    options = (Option("yes", words("rounds.yes")), Option("no", words("rounds.no")))
    return (ChoiceInput(name="consent", label=words.of(challenge.consent), options=options),)


def _step_line(words: Words, challenge: Challenge, moments: StepMoments, zone: str) -> str:
    step = challenge.step(moments.key)
    title = words.of(step.title) if step is not None else moments.key
    said = words("teams.step_line", day=words.day(moments.day), clock=words.clock(moments.prompt_at, zone), title=title)
    if moments.opens_at is not None:
        said += " · " + words("teams.step_opens", clock=words.clock(moments.opens_at, zone))
    if moments.closes_at is not None:
        said += " · " + words("teams.step_closes", clock=words.clock(moments.closes_at, zone))
    return said
