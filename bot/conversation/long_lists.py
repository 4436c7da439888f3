"""A list that is longer than a page: twenty at a time, the rest behind a button."""

from bot.conversation.cards import Button, Buttons, Note, Part
from bot.conversation.texts import Words

MOST_LISTED = 20


def more_parts(words: Words, action: str, about: str, skip: int, total: int) -> list[Part]:
    """Return which ones are shown of how many, with the buttons to those before and after; nothing where one page holds
    them all. The action is given `about` and how many to skip."""
    if total <= MOST_LISTED and not skip:
        return []
    last = min(skip + MOST_LISTED, total)
    buttons = []
    if skip:
        buttons.append(_button(words, "show_earlier", action, f"{about}{max(skip - MOST_LISTED, 0)}"))
    if last < total:
        buttons.append(_button(words, "show_more", action, f"{about}{last}"))
    shown = words("teams.list_part", first=min(skip + 1, last), last=last, total=total)
    return [Note(shown), *([Buttons(tuple(buttons))] if buttons else [])]


def _button(words: Words, text: str, action: str, value: str) -> Button:
    return Button(text=words(f"teams.{text}"), action=action, value=value, opens_form=True)
