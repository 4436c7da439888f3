"""The words people type to get somewhere, in both languages at once. What is none of these is an answer."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from bot.conversation.rhythm import slot_from
from bot.conversation.typed_days import last_day
from bot.conversation.typed_rhythm import SHIFTS
from storage.tables.people import Shift

EXACT: dict[str, tuple[str, ...]] = {
    "help": ("hjälp", "hjalp", "help", "kommandon", "commands", "?"),
    "today": ("i dag", "idag", "dagens", "dagens övning", "today"),
    "library": ("bibliotek", "biblioteket", "library"),
    "pause": ("paus", "pausa", "pause"),
    "start": ("börja igen", "borja igen", "börja", "starta", "fortsätt", "start again", "start", "resume"),
    "settings": ("inställningar", "installningar", "settings", "rytm", "rhythm"),
    "my_data": ("mina uppgifter", "mina data", "min data", "my data"),
    "my_data_json": ("mina uppgifter json", "mina data json", "json", "my data json"),
    "delete": ("radera", "delete", "radera mina uppgifter", "radera mina data", "delete my data"),
    "delete_everything": ("radera allt", "delete everything"),
    "stop": ("sluta", "stopp", "stoppa", "avsluta", "stop"),
    "home": ("hem", "home"),
    "undo": ("ångra", "angra", "undo"),
    "plans": ("planer", "mina planer", "plans", "my plans"),
    "another": ("byt", "byt övning", "another", "another one"),
    "done": ("gjort", "klart", "klar", "done"),
    "tried": ("försökte", "forsokte", "tried"),
    "not_yet": ("inte än", "inte an", "not yet"),
    "let_go": ("släpper", "släpper den", "slapper den", "let go", "letting it go"),
    "smaller": ("mindre steg", "ett mindre steg", "smaller step", "a smaller step"),
    "doing": ("jag gör det", "jag gor det", "i'll do it", "ill do it", "i will do it"),
    "not_today": ("inte i dag", "inte idag", "not today"),
    "came": ("tillfället kom", "the moment came"),
    "did_not_come": ("tillfället kom inte", "the moment did not come", "it did not"),
    "swedish": ("svenska", "på svenska", "swedish"),
    "english": ("engelska", "english", "in english"),
    "why": ("varför", "why", "varför fick jag inget", "why did i get nothing"),
    "thoughts": ("reflektioner", "mina reflektioner", "reflections", "my reflections"),
    "own_page": ("min sida", "egen sida", "my page", "own page"),
    "teams": ("lag", "mina lag", "teams", "my teams", "team"),
    "sessions": ("träffar", "träff", "mina träffar", "nästa träff", "meetings", "my meetings", "next meeting"),
    "focus": ("fokus", "mitt fokus", "focus", "my focus"),
    "keep": ("håll i", "det jag håller i", "keep", "keep up", "what i keep up"),
    "peer": ("kollega", "min kollega", "colleague", "my colleague"),
    "cohorts": ("omgångar", "omgång", "kohorter", "kohort", "knuff", "cohorts", "cohort"),
    "new_cohort": ("ny omgång", "ny kohort", "new cohort"),
    "methods": ("metod", "metoder", "method", "methods"),
    "led": (
        "jag har lett en övning",
        "jag ledde en övning",
        "ledda övningar",
        "övningar jag har lett",
        "i have led an exercise",
        "i led an exercise",
        "exercises i have led",
    ),
    "useful_yes": ("nytta ja", "till nytta", "useful yes"),
    "useful_partly": ("nytta delvis", "delvis till nytta", "useful partly"),
    "useful_no": ("nytta nej", "inte till nytta", "useful no"),
    "suggest": ("föreslå en ändring", "föreslå ändring", "suggest a change", "suggest change"),
    "survey": ("enkät", "enkäten", "enkat", "enkäter", "survey", "surveys"),
    "pick": ("a", "b", "c", "1", "2", "3", "4", "5"),
}

_FIRST_WORDS: dict[str, tuple[str, ...]] = {
    "pause": ("pausa", "paus", "pause"),
    "library": ("biblioteket", "bibliotek", "library"),
    "methods": ("metoder", "metod", "methods", "method"),
    "slot": ("tid", "time"),
    "days": ("dagar", "days"),
    "pace": ("takt", "pace"),
    "shift": ("pass", "skift", "shift"),
    "take": ("ta", "take"),
    "focus": ("fokus", "focus"),
    "keep": ("håll i", "keep"),
    "peer": ("kollega:", "colleague:"),
    "new_date": ("ny dag", "nytt datum", "new day", "new date"),
}
_SEVERAL_DAYS = re.compile(
    r"(?:(?:mån|må|mon|tis|ti|tue|ons|on|wed|tor|to|thu|fre|fr|fri)[a-zåäö]*[\s,]*(?:och|and|&|till|-|–)?[\s,]*)+"
)
_PACE = re.compile(r"(?:daglig|daily|varje dag|every day|tre|three|3|måndag|mondag|monday|samla|gather).{0,20}")
_SHIFTS = {name for names in SHIFTS.values() for name in names}
_NUMBERS = re.compile(r"\d{1,2}(?:[\s,]+(?:och |and |& ?)?\d{1,2}){0,9}")
_LESSON = re.compile(r"[a-z][a-z0-9_-]*\d+")
_UNTIL = re.compile(r"(?:till|tills|t\.o\.m\.?|until|till och med|through)\s+\S+(?:\s+\S+){0,2}")
MOST_SEARCHED = 3
"""Words. A longer sentence that begins with "bibliotek" is an answer."""
LONGEST_NAME, MOST_OF_A_NAME = 100, 6
"""Signs and words of somebody to tell. A longer text that begins with "kollega:" is an answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CommandWords:
    name: str
    rest: str = ""


def command_in(text: str, today: date) -> CommandWords | None:
    """Return the command that the text is, as a whole, or None when it is something else: then it is an answer."""
    said = plain(text)
    if (name := _BY_PHRASE.get(said)) is not None:
        return CommandWords(name=name)
    for name, first_words in _FIRST_WORDS.items():
        for first in first_words:
            if said.startswith(first if first.endswith(":") else f"{first} "):
                rest = said.removeprefix(first).strip()
                return CommandWords(name=name, rest=rest) if _fits(name, rest, today) else None
    return None


def plain(text: str) -> str:
    """Return the text without capitals, marks around it, doubled spaces and signs nobody sees."""
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    said = " ".join(text.casefold().replace("’", "'").split())
    return said if said == "?" else said.strip(" .,!?:;*_\"'”")


def _fits(name: str, rest: str, today: date) -> bool:
    match name:
        case "pause":
            return last_day(rest, today) is not None or _UNTIL.fullmatch(rest) is not None
        case "new_date":
            return last_day(rest, today) is not None
        case "library" | "methods":
            return len(rest.split()) <= MOST_SEARCHED
        case "slot":
            return slot_from(rest, *Shift) is not None or re.fullmatch(r"\d{1,2}[:.]\d{2}", rest) is not None
        case "days":
            return _SEVERAL_DAYS.fullmatch(rest) is not None
        case "focus" | "keep":
            return _NUMBERS.fullmatch(rest) is not None
        case "peer":
            return 0 < len(rest.split()) <= MOST_OF_A_NAME and len(rest) <= LONGEST_NAME
        case "shift":
            return rest in _SHIFTS
        case "pace":
            return _PACE.fullmatch(rest) is not None
        case _:
            return _LESSON.fullmatch(rest) is not None


_BY_PHRASE = {phrase: name for name, phrases in EXACT.items() for phrase in phrases}
