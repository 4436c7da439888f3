"""The app package that an administrator uploads to Teams: the manifest, its English, and both icons.

A bot in personal chats and teams, and nothing else: no permissions, no tabs, no messages read that do not mention it.
The tenant is not in it; the Azure bot is registered in one, and Knuff listens to one.
"""

from importlib.metadata import version
from io import BytesIO
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import orjson

from bot.plain_text import cut
from bot.teams.icons import colour_icon, outline_icon
from bot.teams.text import Json

SCHEMA = "1.19"
DEVELOPER_TEXT = 32
_SCHEMAS = f"https://developer.microsoft.com/json-schemas/teams/v{SCHEMA}/"
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""No archive can be older, so the same package is the same to the last byte."""

_WORDS: dict[str, dict[str, str]] = {
    "sv": {
        "short": "En kort övning i innovationsledarskap varje arbetsdag",
        "full": "Knuff ger dig som leder en kort övning varje arbetsdag: något litet att göra annorlunda på jobbet"
        " i dag. Du väljer tid, takt och språk, och du kan pausa eller sluta när du vill. Det du svarar och skriver"
        " visar Knuff bara för dig.",
    },
    "en": {
        "short": "One short innovation-leadership exercise every working day",
        "full": "Knuff gives you as a leader one short exercise every working day: something small to do differently"
        " at work today. You choose time, pace and language, and you can pause or stop whenever you like. What you"
        " answer and write, Knuff shows to you alone.",
    },
}
_COMMANDS: dict[str, dict[str, list[tuple[str, str]]]] = {
    "sv": {
        "personal": [
            ("idag", "Visa dagens övning"),
            ("hem", "Visa din vecka, dina planer och dina inställningar"),
            ("hjälp", "Visa vad du kan skriva"),
            ("omgångar", "För samordnare: visa dina omgångar"),
        ],
    },
    "en": {
        "personal": [
            ("today", "Show today’s exercise"),
            ("home", "Show your week, your plans and your settings"),
            ("help", "Show what you can write"),
            ("cohorts", "For coordinators: show your cohorts"),
        ],
    },
}
"""Words that the conversation knows, in both languages whatever language somebody has."""


def package(*, url: str, app_id: str, about: str, name: str = "Knuff", organisation: str = "") -> bytes:
    """Return the app package, a zip archive; the same for the same arguments."""
    files = {
        "manifest.json": _json(manifest(url=url, app_id=app_id, name=name, about=about, organisation=organisation)),
        "en.json": _json(english(name=name)),
        "color.png": colour_icon(),
        "outline.png": outline_icon(),
    }
    archive = BytesIO()
    with ZipFile(archive, "w", compression=ZIP_DEFLATED) as written:
        for file, content in files.items():
            info = ZipInfo(file, date_time=_EARLIEST)
            info.create_system = 3  # whatever system wrote it
            info.external_attr = 0o644 << 16
            info.compress_type = ZIP_DEFLATED
            written.writestr(info, content)
    return archive.getvalue()


def manifest(*, url: str, app_id: str, about: str, name: str = "Knuff", organisation: str = "") -> Json:
    """Return the manifest, in Swedish. `url` is where people reach Knuff's own page; `about` tells how the organisation
    handles personal data. The organisation stands for the app, when it is said."""
    words = _WORDS["sv"]
    return {
        "$schema": f"{_SCHEMAS}MicrosoftTeams.schema.json",
        "manifestVersion": SCHEMA,
        "version": version("knuff"),
        "id": app_id,
        "localizationInfo": {
            "defaultLanguageTag": "sv",
            "additionalLanguages": [{"languageTag": "en", "file": "en.json"}],
        },
        "developer": {
            "name": cut(organisation or name, most=DEVELOPER_TEXT),
            "websiteUrl": about,
            "privacyUrl": about,
            "termsOfUseUrl": about,
        },
        "name": {"short": name, "full": name},
        "description": {"short": words["short"], "full": words["full"]},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#1d5f5a",
        "bots": [
            {
                "botId": app_id,
                "scopes": ["personal", "team"],
                "isNotificationOnly": False,
                "supportsFiles": False,
                "commandLists": [
                    {
                        "scopes": [scope],
                        "commands": [{"title": title, "description": what} for title, what in commands],
                    }
                    for scope, commands in _COMMANDS["sv"].items()
                ],
            }
        ],
        "defaultInstallScope": "personal",
        "validDomains": [urlsplit(url).hostname],
    }


def english(*, name: str = "Knuff") -> Json:
    """Return the manifest's texts in English, by where they stand in it."""
    words = _WORDS["en"]
    commands = {
        f"bots[0].commandLists[{one}].commands[{number}]": command
        for one, some in enumerate(_COMMANDS["en"].values())
        for number, command in enumerate(some)
    }
    return {
        "$schema": f"{_SCHEMAS}MicrosoftTeams.Localization.schema.json",
        "name.short": name,
        "name.full": name,
        "description.short": words["short"],
        "description.full": words["full"],
        **{f"{place}.title": title for place, (title, _) in commands.items()},
        **{f"{place}.description": what for place, (_, what) in commands.items()},
    }


def _json(body: Json) -> bytes:
    return orjson.dumps(body, option=orjson.OPT_INDENT_2) + b"\n"
