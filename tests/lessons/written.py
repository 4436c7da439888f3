"""Content files for tests: a good one of each kind, and a way to change one line of it."""

import re
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

RECALL = """\
---
id: XR01
roles: [manager]
behaviour: debrief
source: "Tannenbaum & Cerasoli 2013, Human Factors 55(1)"
---
## title
sv: Efter mötet
en: After the meeting

## case
sv: Medborgarmötet blev rörigt. Du har tio minuter med gruppen. Vad gör du?
en: The public meeting was a muddle. You have ten minutes with the group. What do you do?

## choice
sv: Skriver en rapport själv
en: Write a report yourself

## choice
sv: Ber alla sova på saken
en: Ask everyone to sleep on it

## right choice
sv: Frågar vad ni väntade er
en: Ask what you expected

## reason
sv: Gapet mellan det väntade och det som hände är det ni kan lära er av.
en: The gap between what you expected and what happened is what you can learn from.
"""

METHOD = """\
id: quiet-start
title: {sv: Tyst start, en: Quiet start}
about: {sv: Alla skriver innan någon talar., en: Everyone writes before anyone talks.}
when: {sv: När samma röster brukar höras., en: When the same voices are usually heard.}
minutes: [10, 15]
people: [3, 12]
purpose: imagine
roles:
  - role: {sv: Samtalsledare, en: Facilitator}
    does: {sv: Håller tiden., en: Keeps the time.}
needs: {sv: Papper och pennor., en: Paper and pens.}
steps:
  - minutes: 5
    text: {sv: Skriv var för sig., en: Write on your own.}
  - minutes: 7
    text: {sv: Läs upp i tur och ordning., en: Read aloud in turn.}
traps:
  - {sv: Någon talar ändå. Peka på klockan., en: Somebody talks. Point at the clock.}
users: {sv: Bjud in en användare att skriva med., en: Invite a user to write with you.}
principles: [culture]
behaviours: [facilitate]
lessons: [L01]
challenges: [idea-sprint]
source: "Diehl & Stroebe 1987"
"""


def a_quiz(lesson_id: str = "X02") -> str:
    return _another("quiz", lesson_id) + QUIZ_SECTIONS


def a_plan(lesson_id: str = "X03") -> str:
    return _another("if-then", lesson_id) + PLAN_SECTIONS


def _another(kind: str, lesson_id: str) -> str:
    """The lesson as one of another kind. Its longer texts are cut, for two lessons that say the same are a fault."""
    lines = TRY_IT.replace("kind: try-it", f"kind: {kind}").replace("X01", lesson_id).splitlines()
    for section in ("why", "do", "example", "follow-up"):
        at = lines.index(f"## {section}")
        lines[at + 1 : at + 3] = ["sv: Så här kort är det.", "en: This is how short it is."]
    return "\n".join(lines) + "\n"


def a_recall_card(card_id: str, *, right: int = 3) -> str:
    """A card with short texts, whose right choice is the first, second or third."""
    text = RECALL.replace("XR01", card_id)
    text = text.replace("Medborgarmötet blev rörigt. Du har tio minuter med gruppen.", "Mötet blev rörigt.")
    text = text.replace("The public meeting was a muddle. You have ten minutes with the group.", "It was a muddle.")
    head, *choices, _ = re.split(r"(?=^## (?:choice|right choice|reason))", text, flags=re.MULTILINE)
    choices.insert(right - 1, choices.pop())
    return f"{head}{''.join(choices)}## reason\nsv: Där kan ni lära er.\nen: There you can learn.\n"


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

    def recall_card(self, text: str = RECALL, *, name: str | None = None) -> Path:
        """Write a recall card under its own id, or under another name."""
        card_id = next(line.split()[1] for line in text.splitlines() if line.startswith("id: "))
        return self._write(self.path / "recall" / (name or f"{card_id}.md"), text)

    def method(self, text: str = METHOD, *, name: str = "quiet-start.yaml") -> Path:
        return self._write(self.path / "methods" / name, text)

    def survey(self, text: str, *, name: str) -> Path:
        return self._write(self.path / "surveys" / name, text)

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
