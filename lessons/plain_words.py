"""Words that an author of Swedish should change for plainer ones.

Only words with a clear plain one stand here: foreign words Swedish has a word for, and words of official reports. Each
is a pattern for whole words, so that "retro" is found and "metro" is not.
"""

import re

PLAIN_WORDS = {
    # Foreign words.
    r"retro(?:n|spektiv\w*)?": "genomgång",
    r"task[ -]?force\w*": "arbetsgrupp",
    r"mvp": "första test",
    r"stakeholder\w*": "den som berörs",
    r"feedback\w*": "återkoppling",
    r"deadline\w*": "sista dag",
    r"brainstorm\w*": "spåna",
    r"mindset\w*": "tankesätt",
    r"case(?:t|n|en)?": "fall",
    r"best practice\w*": "goda exempel",
    r"quick wins?": "snabb vinst",
    r"input(?:en)?": "synpunkter",
    r"pitch\w*": "kort berättelse",
    r"kick-?off\w*": "startmöte",
    r"onboarding\w*": "introduktion",
    r"workshop\w*": "arbetsmöte",
    r"benchmark\w*": "jämföra",
    r"facilitator\w*": "samtalsledare",
    r"faciliter\w*": "leda",
    # Words of official reports.
    r"implementering(?:en|ens|s)?": "införande",
    r"implementera\w*": "införa",
    r"initier(?:a|ar|at|ade|as|ats|ades)": "börja",
    r"påbörja\w*": "börja",
    r"erh[åö]ll\w*": "få",
    r"tillhandah[åö]ll\w*": "ge",
    r"till(?:se|ser|såg|sett)": "se till",
    r"erfordra\w*": "behöva",
    r"förelig\w+|förelåg": "finnas",
    r"nyttja\w*": "använda",
    r"optimer\w+": "förbättra",
    r"adresser(?:a|ar|at|ade)": "ta itu med",
    r"avseende|beträffande": "om",
    r"huruvida": "om",
    r"samtliga": "alla",
    r"således": "alltså",
    r"medelst": "med",
    r"såsom": "som",
    r"samt": "och",
    r"ej": "inte",
    r"vederbörande": "den det gäller",
    r"i syfte att": "för att",
    r"i enlighet med": "enligt",
    r"med anledning av": "på grund av",
}
# One pattern for all, a group for each: a text is read once, and the group that fits tells the plain word.
_PATTERN = re.compile("|".join(rf"\b({word})\b" for word in PLAIN_WORDS), re.IGNORECASE)
_PLAIN = tuple(PLAIN_WORDS.values())


def avoided_in(swedish: str) -> list[tuple[str, str]]:
    """The words we avoid, as they stand in the Swedish text, each with a plain one."""
    return [(found[0], _PLAIN[(found.lastindex or 1) - 1]) for found in _PATTERN.finditer(swedish)]
