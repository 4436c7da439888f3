"""What may be saved of free text, and how it is asked."""

import re
from datetime import date

from bot.conversation.cards import ChoiceInput, Option
from bot.conversation.texts import Words

LONGEST = 3_000
"""Characters of one piece of free text, the same in forms and in chat."""

# Phones and word processors make dashes of hyphens, and put spaces and soft hyphens where one types none.
_GAP = r"[\s\u00ad]*[-+\u2010-\u2015\u2212]?[\s\u00ad]*"
_PERSONAL_NUMBER = re.compile(rf"(?<!\d)(?:(19|20)?(\d\d)\s?(\d\d)\s?(\d\d)){_GAP}\d{{4}}(?!\d)")
_PHONE = re.compile(r"(?<![\d-])(?:\+46|0046|46(?=[1-9]\d{7,8}(?!\d))|0)[\s()-]*[1-9](?:[\s()/-]*\d){6,9}(?!\d)")


def fault_in(text: str, words: Words) -> str | None:
    """Return what must change before the text can be saved, in a sentence, or None when it can be."""
    if len(text) > LONGEST:
        return words("saving.too_long", length=len(text), most=LONGEST)
    if has_personal_number(text):
        return words("saving.personal_number")
    if _PHONE.search(text):
        return words("saving.phone_number")
    return None


def has_personal_number(text: str) -> bool:
    """Whether something in the text looks like a Swedish personal identity number (or coordination number). Says yes
    rather than no: the check digit is not looked at, since a mistyped number is one too."""
    return any(_is_day(*found.groups()) for found in _PERSONAL_NUMBER.finditer(text))


def save_input(words: Words, *, saves_text: bool) -> ChoiceInput:
    """Return the choice that stands on every form with free text."""
    return ChoiceInput(
        name="save",
        label=words("saving.label"),
        options=(Option("yes", words("saving.yes")), Option("no", words("saving.no"))),
        initial=("yes" if saves_text else "no",),
    )


def _is_day(century: str | None, year: str, month: str, day: str) -> bool:
    in_month = int(day) - 60 if int(day) > 60 else int(day)
    try:
        date(int(f"{century or '20'}{year}"), int(month), in_month)
    except ValueError:
        return False
    return True
