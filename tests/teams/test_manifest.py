"""The app package of `knuff manifest teams`, against the official schema that `make setup` brings."""

import json
import re
import struct
import zlib
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from jsonschema import Draft4Validator

from bot.conversation.command_words import command_in
from bot.teams.manifest import english, manifest, package

APP_ID = "a1b2c3d4-0000-4000-8000-000000000001"
ABOUT = "https://alvsunda.example/personuppgifter"
URL = "https://knuff.alvsunda.example"
SCHEMAS = Path(__file__).parents[2] / "node_modules/@microsoft/app-manifest/build/json-schemas/teams"


def official(name: str, version: str) -> Draft4Validator:
    file = SCHEMAS / f"v{version}" / f"MicrosoftTeams.{name}"
    assert file.exists(), f"{file.name} is not there: run make setup"
    return Draft4Validator(json.loads(file.read_text(encoding="utf-8")))


def files(package: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(package)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def ours() -> dict[str, Any]:
    return manifest(url=URL, app_id=APP_ID, about=ABOUT)


def test_the_manifest_and_its_english_pass_their_official_schemas(ours: dict[str, Any]) -> None:
    version = ours["manifestVersion"]
    assert tuple(int(part) for part in version.split(".")) >= (1, 19)
    assert [error.message for error in official("schema.json", version).iter_errors(ours)] == []
    assert [error.message for error in official("Localization.schema.json", version).iter_errors(english())] == []
    assert ours["$schema"].endswith(f"/v{version}/MicrosoftTeams.schema.json")


def test_the_schema_sees_what_is_no_manifest(ours: dict[str, Any]) -> None:
    schema = official("schema.json", ours["manifestVersion"])
    for wrong in (
        {**ours, "id": "knuff"},
        {**ours, "tenant": "x"},
        {**ours, "name": {"short": "x" * 31}},
        {name: value for name, value in ours.items() if name != "icons"},
    ):
        assert list(schema.iter_errors(wrong)) != []


def test_the_package_holds_what_the_manifest_names_and_nothing_else(ours: dict[str, Any]) -> None:
    inside = files(package(url=URL, app_id=APP_ID, about=ABOUT))
    named = {*ours["icons"].values(), *(one["file"] for one in ours["localizationInfo"]["additionalLanguages"])}
    assert inside.keys() == named | {"manifest.json"}
    assert json.loads(inside["manifest.json"]) == ours
    assert json.loads(inside["en.json"]) == english()


def test_the_same_package_is_the_same_to_the_last_byte() -> None:
    assert package(url=URL, app_id=APP_ID, about=ABOUT) == package(url=URL, app_id=APP_ID, about=ABOUT)
    assert package(url=URL, app_id=APP_ID, about=ABOUT) != package(
        url=URL, app_id=APP_ID, about=ABOUT, name="Knuff test"
    )


def test_the_app_asks_for_nothing_but_to_talk_in_personal_chats_and_teams(ours: dict[str, Any]) -> None:
    (bot,) = ours["bots"]
    assert bot["botId"] == ours["id"] == APP_ID
    assert bot["scopes"] == ["personal", "team"]
    assert (bot["isNotificationOnly"], bot["supportsFiles"]) == (False, False)
    assert not ours.keys() & {"permissions", "devicePermissions", "authorization", "webApplicationInfo", "staticTabs"}
    assert ours["validDomains"] == ["knuff.alvsunda.example"]


def test_what_the_app_is_called_and_who_tells_about_data_can_be_chosen() -> None:
    about = "https://alvsunda.example/om-knuff"
    chosen = manifest(url=f"{URL}/", app_id=APP_ID, name="Puff", about=about)
    assert (chosen["name"]["short"], english(name="Puff")["name.short"]) == ("Puff", "Puff")
    assert chosen["developer"]["privacyUrl"] == about
    assert (chosen["developer"]["name"], chosen["developer"]["websiteUrl"]) == ("Puff", about)
    long = manifest(url=URL, app_id=APP_ID, about=ABOUT, organisation="Kommunalförbundet för Alvsunda med omnejd")
    assert long["developer"]["name"] == "Kommunalförbundet för Alvsunda…"
    assert list(official("schema.json", long["manifestVersion"]).iter_errors(long)) == []


def test_every_command_that_is_offered_is_one_we_know(ours: dict[str, Any]) -> None:
    swedish = [one for some in ours["bots"][0]["commandLists"] for one in some["commands"]]
    titles = {place: title for place, title in english().items() if place.endswith(".title")}
    assert {one["title"] for one in swedish} == {"idag", "hem", "hjälp", "omgångar"}
    assert set(titles.values()) == {"today", "home", "help", "cohorts"}
    assert [some["scopes"] for some in ours["bots"][0]["commandLists"]] == [["personal"]]  # a mention takes no words
    for title in [*(one["title"] for one in swedish), *titles.values()]:
        assert command_in(title, date(2026, 3, 2)) is not None, title


def test_each_english_text_stands_where_its_swedish_does(ours: dict[str, Any]) -> None:
    pairs = {}
    for place, text in english().items():
        value: Any = ours
        if place == "$schema":
            continue
        for step in re.findall(r"[A-Za-z]+|\d+", place):
            value = value[int(step) if step.isdigit() else step]
        pairs[value] = text
    assert pairs["idag"] == "today"
    assert pairs["omgångar"] == "cohorts"
    commands = sum(len(some["commands"]) for some in ours["bots"][0]["commandLists"])
    assert len(english()) == 5 + 2 * commands


def pixels(png: bytes) -> tuple[int, list[tuple[int, ...]]]:
    """The side of a square PNG without filters, and its pixels."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    at, chunks = 8, {}
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        body = png[at + 8 : at + 8 + length]
        assert zlib.crc32(kind + body) == struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0]
        chunks[kind] = body
        at += 12 + length
    side, height, depth, kind_of_colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (side, depth) == (height, 8)
    width = {2: 3, 6: 4}[kind_of_colour]
    raw = zlib.decompress(chunks[b"IDAT"])
    rows = [raw[1 + row * (side * width + 1) : (row + 1) * (side * width + 1)] for row in range(side)]
    return side, [tuple(row[x : x + width]) for row in rows for x in range(0, side * width, width)]


def test_the_colour_icon_is_the_mark_on_green_within_the_space_that_teams_never_cuts() -> None:
    side, dots = pixels(files(package(url=URL, app_id=APP_ID, about=ABOUT))["color.png"])
    assert side == 192
    green = (0x1D, 0x5F, 0x5A)
    inked = [(number % side, number // side) for number, dot in enumerate(dots) if dot != green]
    assert (255, 255, 255) in dots
    assert all(36 <= x < 156 and 36 <= y < 156 for x, y in inked)


def test_the_outline_icon_is_white_on_nothing() -> None:
    side, dots = pixels(files(package(url=URL, app_id=APP_ID, about=ABOUT))["outline.png"])
    assert side == 32
    assert {dot[:3] for dot in dots} == {(255, 255, 255)}
    seen = sum(dot[3] > 128 for dot in dots)
    assert 150 < seen < 350
    assert dots[0][3] == 0
