"""Content files for tests: a good one of each kind, and a way to change one line of it."""

from dataclasses import dataclass
from pathlib import Path

TRY_IT = """\
---
id: X01
kind: try-it
minutes: 3
roles: [manager, innovation-leader]
principle: value
behaviour: name_value
element: el.planning
follow_up_days: 2
source: "Denti & Hemlin 2012, Leadership and innovation in organizations"
---
## title
sv: Nyttan i en mening
en: The value in one sentence

## why
sv: Den som ser nyttan har lättare att välja.
en: People who see the value find it easier to choose.

## do
sv: Skriv en mening om något ni gör: vem får nytta, och hur märks den?
en: Write one sentence about your work: who benefits, and how does it show?

## example
sv: Hemtjänsten: fru Ek får välja tid för dusch, och det märks i färre samtal.
en: Home care: Mrs Ek chooses her shower time, and it shows in fewer calls.

## question
sv: Vilken mening skrev du?
en: Which sentence did you write?

## reflection
sv: Vilken del var svårast att skriva?
en: Which part was hardest to write?

## follow-up
sv: Vem har du visat meningen för?
en: Who have you shown the sentence to?

## smaller step
sv: Skriv bara vem som får nytta.
en: Write only who benefits.
"""

QUIZ_SECTIONS = """
## choice
sv: När den är ny för alla
en: When it is new to everyone

## right choice
sv: När den används och gör nytta
en: When it is used and useful

## choice
sv: När ledningen har sagt ja
en: When management has said yes

## reason
sv: Nyttan kommer först när någon använder den.
en: The value comes only when somebody uses it.
"""

PLAN_SECTIONS = """
## cue
sv: någon föreslår en lösning på mötet …
en: someone proposes a solution at the meeting …

## action
sv: frågar jag vilken nytta den ger
en: I ask what value it brings
"""

PROGRAMME = """\
id: one-week
title: {sv: En vecka, en: One week}
about:
  sv: Tre övningar.
  en: Three exercises.
weeks:
  - principle: value
    title: {sv: Nytta, en: Value}
    lessons: [X01, X02]
  - principle: leaders
    title: {sv: Ledare, en: Leaders}
    lessons:
      - X03
"""

CHALLENGE = """\
id: our-week
title: {sv: Vår vecka, en: Our week}
about:
  sv: Ni väljer ett behov och en idé.
  en: You choose a need and an idea.
principles: [culture, insight]
behaviours:
  - need_first
  - facilitate
form: team
team:
  least: 4
  most: 8
  who: {sv: Ett arbetslag., en: A team.}
mandate: {sv: Chefen säger ja eller nej., en: The manager says yes or no.}
length: 5
safeguards:
  - {sv: Skriv inga namn., en: Write no names.}
consent: {sv: Har chefen sagt ja?, en: Has the manager said yes?}
steps:
  - key: needs
    day: 1
    minutes: 15
    title: {sv: Skriv behov, en: Write needs}
    prompt: {sv: Skriv vem som behöver vad., en: Write who needs what.}
    private: {sv: Skriv för dig själv., en: Write by yourself.}
    facilitator: {sv: Fem minuter är det tyst., en: Five minutes are silent.}
    hand_in:
      by: each
      most_each: 3
      opens: "15:00"
      inputs:
        - {key: need, label: {sv: Behov, en: Need}, words: 30}
    least: 3
  - key: pick
    day: 2
    title: {sv: Välj ett behov, en: Choose a need}
    prompt: {sv: Välj det ni vill lösa., en: Choose the one you want to solve.}
    facilitator: {sv: Läs högt., en: Read aloud.}
    vote:
      on: needs
      kind: one
      closes: "15:00"
    least: 3
  - key: answers
    day: 3
    until: 4
    title: {sv: Svara, en: Answer}
    prompt: {sv: Chefen svarar på allt., en: The manager answers everything.}
    facilitator: {sv: Fråga efter skälet., en: Ask for the reason.}
    hand_in:
      by: mandate
      about: needs
      inputs:
        - key: answer
          label: {sv: Svar, en: Answer}
          kind: choice
          options:
            - {key: yes, label: {sv: Ja, en: Yes}}
            - {key: no, label: {sv: Nej, en: No}}
  - key: test
    day: 5
    title: {sv: Första testet, en: The first test}
    prompt: {sv: Skriv ert första test., en: Write your first test.}
    facilitator: {sv: En skriver åt alla., en: One writes for all.}
    hand_in:
      by: team
      inputs:
        - {key: plan, label: {sv: Test, en: Test}}
ending:
  finished: {sv: Klart., en: Done.}
  not_made: {sv: Det ni lärde er räknas., en: What you learned counts.}
wrap_up:
  - {key: need, label: {sv: Behovet, en: The need}, from: needs.winner}
  - {key: plan, label: {sv: Testet, en: The test}, from: test.plan}
  - {key: owner, label: {sv: Vem, en: Who}, from: written, words: 10}
next: our-week
"""


def a_quiz(lesson_id: str = "X02") -> str:
    return TRY_IT.replace("kind: try-it", "kind: quiz").replace("X01", lesson_id) + QUIZ_SECTIONS


def a_plan(lesson_id: str = "X03") -> str:
    return TRY_IT.replace("kind: try-it", "kind: if-then").replace("X01", lesson_id) + PLAN_SECTIONS


@dataclass(frozen=True, kw_only=True, slots=True)
class ContentFolder:
    """An organisation's own content, being written."""

    path: Path

    def lesson(self, text: str = TRY_IT, *, name: str | None = None) -> Path:
        """Write a lesson under its own id, or under another name."""
        lesson_id = next(line.split()[1] for line in text.splitlines() if line.startswith("id: "))
        return self._write(self.path / "lessons" / (name or f"{lesson_id}.md"), text)

    def programme(self, text: str = PROGRAMME, *, name: str = "one-week.yaml") -> Path:
        return self._write(self.path / "programmes" / name, text)

    def challenge(self, text: str = CHALLENGE, *, name: str = "our-week.yaml") -> Path:
        return self._write(self.path / "challenges" / name, text)

    def complete(self) -> None:
        """A try-it, a quiz and a plan, and a programme of them."""
        self.lesson()
        self.lesson(a_quiz())
        self.lesson(a_plan())
        self.programme()

    @staticmethod
    def _write(path: Path, text: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path


def changed(text: str, before: str, after: str) -> str:
    """The text with `before` replaced; it must be there, so that a test cannot pass by changing nothing."""
    assert before in text, f"{before!r} is not in the text"
    return text.replace(before, after, 1)


def line_of(text: str, part: str, *, which: int = 1) -> int:
    """The line, from 1, of the n-th line that starts with `part`."""
    return [number for number, line in enumerate(text.splitlines(), start=1) if line.startswith(part)][which - 1]
