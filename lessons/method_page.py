"""A method card on paper: what whoever leads the group needs in the room. HTML that prints as it looks."""

from dataclasses import dataclass

from lessons.methods import Method, Purpose
from lessons.models import Language
from lessons.printing import marked, templates


@dataclass(frozen=True, kw_only=True, slots=True)
class MethodLabels:
    minutes: str
    people: str
    purposes: dict[Purpose, str]
    about: str
    when: str
    needs: str
    roles: str
    steps: str
    checklist: str
    part: str
    columns: tuple[str, ...]
    """What is filled in beside each line of a checklist."""
    traps: str
    users: str
    source: str


METHOD_LABELS = {
    Language.SV: MethodLabels(
        minutes="minuter",
        people="personer",
        purposes={
            Purpose.UNDERSTAND: "förstå",
            Purpose.IMAGINE: "hitta på",
            Purpose.CHOOSE: "välja",
            Purpose.TEST: "testa",
            Purpose.LEARN: "lära",
            Purpose.MEET_USERS: "möta användare",
        },
        about="Vad det är",
        when="När",
        needs="Ha framme",
        roles="Vem gör vad",
        steps="Så gör ni",
        checklist="Att gå igenom",
        part="Del",
        columns=("Finns", "På väg", "Saknas", "Ansvarig", "Datum"),
        traps="Om det går trögt",
        users="De det gäller",
        source="Källa",
    ),
    Language.EN: MethodLabels(
        minutes="minutes",
        people="people",
        purposes={
            Purpose.UNDERSTAND: "understand",
            Purpose.IMAGINE: "imagine",
            Purpose.CHOOSE: "choose",
            Purpose.TEST: "test",
            Purpose.LEARN: "learn",
            Purpose.MEET_USERS: "meet users",
        },
        about="What it is",
        when="When",
        needs="Have at hand",
        roles="Who does what",
        steps="What you do",
        checklist="To go through",
        part="Part",
        columns=("There", "On its way", "Missing", "Owner", "Date"),
        traps="If it gets stuck",
        users="Those it concerns",
        source="Source",
    ),
}


def method_facts(method: Method, language: Language) -> str:
    """Return purpose, time and number of people on one line: "test · 20–30 minutes · 3–8 people"."""
    labels = METHOD_LABELS[language]
    return " · ".join((
        labels.purposes[method.purpose],
        f"{_span(method.minutes)} {labels.minutes}",
        f"{_span(method.people)} {labels.people}",
    ))  # fmt: skip


def method_page(method: Method, language: Language) -> str:
    """Return the card as an HTML page of its own."""
    labels = METHOD_LABELS[language]
    return (
        templates()
        .get_template("method.html")
        .render(
            language=language.value,
            labels=labels,
            title=method.title.in_(language),
            facts=method_facts(method, language),
            about=marked(method.about.in_(language)),
            when=marked(method.when.in_(language)),
            needs=marked(method.needs.in_(language)),
            users=marked(method.users.in_(language)),
            source=method.source.in_(language),
            roles=[(part.role.in_(language), marked(part.does.in_(language))) for part in method.roles],
            steps=[(step.minutes, marked(step.text.in_(language))) for step in method.steps],
            checklist=[marked(line.in_(language)) for line in method.checklist],
            traps=[marked(trap.in_(language)) for trap in method.traps],
        )
    )


def _span(span: tuple[int, int]) -> str:
    least, most = span
    return str(least) if least == most else f"{least}–{most}"
