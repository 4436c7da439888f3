"""The huddle card: a challenge on one page of paper, for the wall where the team meets. HTML that prints as it looks.

On it: what is done each day, how to hold each step and for how long, and what is read aloud before the start.
"""

from dataclasses import dataclass
from math import ceil

from lessons.challenge_steps import Step
from lessons.challenges import Challenge, TeamSize
from lessons.models import Language
from lessons.printing import marked, templates

LARGEST, SMALLEST = 16.0, 8.0
"""Points, of the running text."""
MANY = 50
"""A team this large is no team: only the fewest it takes is worth saying."""

# A sheet of A4 less its margins, in points, and what Arial takes in both languages; the tests print every card.
_WIDE, _HIGH = 524.0, 770.0
_LETTER = 0.48
_LINE = 1.3


@dataclass(frozen=True, kw_only=True, slots=True)
class _Labels:
    day: str
    days: str
    minutes: str
    length: str
    one_day: str
    people: str
    at_least: str
    for_facilitator: str
    read_aloud: str


_LABELS = {
    Language.SV: _Labels(
        day="Dag {}",
        days="Dag {}–{}",
        minutes="{} min",
        length="{} arbetsdagar",
        one_day="1 arbetsdag",
        people="{}–{} personer",
        at_least="minst {} personer",
        for_facilitator="Under varje steg står hur samtalsledaren håller det.",
        read_aloud="Läs upp det här innan ni börjar",
    ),
    Language.EN: _Labels(
        day="Day {}",
        days="Days {}–{}",
        minutes="{} min",
        length="{} working days",
        one_day="1 working day",
        people="{}–{} people",
        at_least="at least {} people",
        for_facilitator="Under each step: how the facilitator holds it.",
        read_aloud="Read this aloud before you begin",
    ),
}


def huddle_card(challenge: Challenge, language: Language) -> str:
    """Return the card as an HTML page of its own: one A4 page for as many words as our challenges have."""
    labels = _LABELS[language]
    facts = [labels.one_day if challenge.length == 1 else labels.length.format(challenge.length)]
    facts.append(_people(challenge.team, labels))
    return (
        templates()
        .get_template("huddle.html")
        .render(
            language=language.value,
            title=challenge.title.in_(language),
            facts=" · ".join(facts),
            note=labels.for_facilitator,
            steps=[
                {
                    "days": _days(step, labels),
                    "minutes": labels.minutes.format(step.minutes),
                    "title": step.title.in_(language),
                    "how": marked(step.facilitator.in_(language)),
                }
                for step in challenge.steps
            ],
            read_aloud=labels.read_aloud,
            safeguards=[marked(text.in_(language)) for text in challenge.safeguards],
            points=f"{points(challenge, language):g}",
        )
    )


def points(challenge: Challenge, language: Language) -> float:
    """Return the size of the running text with which the card fills its page and no more."""
    size = LARGEST
    while size > SMALLEST and _height(challenge, language, size) > _HIGH:
        size -= 0.25
    return size


def _height(challenge: Challenge, language: Language, size: float) -> float:
    """Return about how high the card is, in points; the measures are those of `huddle.html`."""

    def lines(text: str, width: float) -> int:
        return ceil(len(text) * _LETTER * size / width)

    head = 5.2 * size
    steps = sum(
        2.6 * size + lines(step.facilitator.in_(language), _WIDE - 7.2 * size) * _LINE * size
        for step in challenge.steps
    )
    safeguards = 3.2 * size + sum(
        0.2 * size + lines(text.in_(language), _WIDE - 2.2 * size) * _LINE * size for text in challenge.safeguards
    )
    return head + steps + safeguards


def _days(step: Step, labels: _Labels) -> str:
    return labels.day.format(step.day) if step.last_day == step.day else labels.days.format(step.day, step.last_day)


def _people(team: TeamSize, labels: _Labels) -> str:
    if team.most >= MANY:
        return labels.at_least.format(team.least)
    return labels.people.format(team.least, team.most)
