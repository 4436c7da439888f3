"""Moments and days given on the command line."""

from datetime import date, datetime

from bot.settings import SettingsFault


def moment(text: str, *, option: str) -> datetime:
    """Return the moment. Raises SettingsFault for one that does not say its offset."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        given = None
    if given is None or given.tzinfo is None:
        raise SettingsFault(f"{option} takes a moment with its offset, such as 2026-03-02T08:29:50+01:00.")
    return given


def day(text: str, *, option: str) -> date:
    """Return the day. Raises SettingsFault for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SettingsFault(f"{option} takes a day, such as 2026-03-02.") from None
