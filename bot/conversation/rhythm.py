"""When and how often: shift, slot, weekdays, pace, language, zone."""

import re
from dataclasses import dataclass, replace
from datetime import time

from bot.conversation.answering import about, was_about
from bot.conversation.cards import Button, Buttons, Card, ChoiceInput, Facts, Form, Heading, Note, Option, Paragraph
from bot.conversation.composing import FROM_WELCOME, note_card
from bot.conversation.events import Pressed, Submitted
from bot.conversation.shows import OpenForm, Refuse, Say, Show
from bot.conversation.texts import LANGUAGES, Words
from bot.conversation.visiting import Routes, Visit
from bot.conversation.welcoming import welcome_shown
from scheduler.weeks import three_a_week
from storage import people
from storage.humane import HOURS
from storage.tables.people import Pace, Shift

FOLLOW_PROFILE = "profile"
ZONES = (
    "Europe/Stockholm", "Europe/Oslo", "Europe/Copenhagen", "Europe/Helsinki", "Europe/Tallinn", "Europe/Riga",
    "Europe/Vilnius", "Europe/Warsaw", "Europe/Berlin", "Europe/Amsterdam", "Europe/Brussels", "Europe/Paris",
    "Europe/Madrid", "Europe/Lisbon", "Europe/London", "Europe/Dublin", "Atlantic/Reykjavik", "Europe/Rome",
    "Europe/Vienna", "Europe/Zurich", "Europe/Athens", "Europe/Kyiv", "Europe/Istanbul", "America/New_York",
    "America/Chicago", "America/Los_Angeles", "America/Sao_Paulo", "Africa/Nairobi", "Africa/Johannesburg",
    "Asia/Dubai", "Asia/Kolkata", "Asia/Bangkok", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney",
    "Pacific/Auckland",
)  # fmt: skip
STEP_MINUTES = 15
_TIME = re.compile(r"(?:kl\.?\s*)?(\d{1,2})(?:[:.](\d{2}))?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rhythm:
    """A person's choices, as shown and as chosen."""

    zone: str
    zone_chosen: bool
    slot: str
    days: int
    pace: Pace
    shift: Shift
    language: str
    saves_text: bool


def rhythm_of(visit: Visit) -> Rhythm:
    cadence = people.rhythm_of(visit.session, visit.person)
    return Rhythm(
        zone=cadence.zone,
        zone_chosen=visit.person.zone_chosen,
        slot=cadence.slot,
        days=cadence.days,
        pace=cadence.pace,
        shift=cadence.shift,
        language=visit.person.language,
        saves_text=visit.person.saves_text,
    )


def open_form(visit: Visit, event: Pressed) -> list[Show]:
    return [OpenForm(rhythm_form(rhythm_of(visit), visit.words, about=about(event.value, event.message)))]


def rhythm_form(rhythm: Rhythm, words: Words, *, about: str = "") -> Form:
    zones = dict.fromkeys((rhythm.zone, *ZONES)) if rhythm.zone_chosen else dict.fromkeys(ZONES)
    return Form(
        name="rhythm",
        about=about,
        title=words("rhythm.title"),
        submit=words("rhythm.submit"),
        close=words("typed.close"),
        body=(
            ChoiceInput(
                name="slot",
                label=words("rhythm.slot"),
                hint=words("rhythm.slot_hint"),
                options=tuple(Option(slot, words.slot(slot)) for slot in slots(rhythm)),
                initial=(rhythm.slot,),
            ),
            ChoiceInput(
                name="shift",
                label=words("rhythm.shift"),
                hint=words("rhythm.shift_hint"),
                options=tuple(Option(shift.value, shift_in_words(shift, words)) for shift in Shift),
                initial=(rhythm.shift.value,),
            ),
            ChoiceInput(
                name="days",
                label=words("rhythm.days"),
                options=tuple(Option(str(day), words(f"rhythm.day_{day}")) for day in range(5)),
                initial=tuple(str(day) for day in range(5) if rhythm.days >> day & 1),
                many=True,
            ),
            ChoiceInput(
                name="pace",
                label=words("rhythm.pace"),
                options=tuple(Option(pace.value, words(f"rhythm.choice_{pace}")) for pace in Pace),
                initial=(rhythm.pace.value,),
            ),
            ChoiceInput(
                name="language",
                label=words("rhythm.language"),
                options=tuple(Option(language, words(f"rhythm.language_{language}")) for language in LANGUAGES),
                initial=(rhythm.language,),
            ),
            ChoiceInput(
                name="zone",
                label=words("rhythm.zone"),
                options=(
                    Option(FOLLOW_PROFILE, words("rhythm.zone_profile")),
                    *(Option(zone, words.city(zone)) for zone in zones),
                ),
                initial=(rhythm.zone if rhythm.zone_chosen else FOLLOW_PROFILE,),
            ),
            ChoiceInput(
                name="save",
                label=words("rhythm.save"),
                options=(Option("yes", words("saving.yes")), Option("no", words("saving.no"))),
                initial=("yes" if rhythm.saves_text else "no",),
            ),
            Note(words("rhythm.note")),
        ),
    )


def slots(rhythm: Rhythm) -> list[str]:
    """Return every quarter of the hours they have, and the person's own slot if it is another."""
    hours = HOURS[rhythm.shift]
    first, last = (moment.hour * 60 + moment.minute for moment in (hours.begin, hours.last_slot))
    quarters = {f"{minute // 60:02}:{minute % 60:02}" for minute in range(first, last + 1, STEP_MINUTES)}
    return sorted(quarters | {rhythm.slot})


def submitted(visit: Visit, event: Submitted) -> list[Show]:
    """Keep the rhythm. Sent from the welcome, it is a beginning as good as the button's."""
    words, before = visit.words, rhythm_of(visit)
    days = sum(1 << int(day) for day in set(event.many("days")) if day in ("0", "1", "2", "3", "4"))
    shift = Shift(chosen) if (chosen := event.text("shift")) in set(Shift) else before.shift
    # The times to choose from were those of the shift the form was opened with: `set_rhythm` moves one that the new
    # shift has not.
    slot = slot_from(event.text("slot"), *((shift,) if shift is before.shift else Shift))
    faults: dict[str, str] = {}
    if not days:
        faults["days"] = words("rhythm.no_days")
    if slot is None:
        faults["slot"] = slot_outside(before.shift, words)
    zone, pace = event.text("zone"), event.text("pace")
    if faults or slot is None:
        return [Refuse(faults)]
    people.set_rhythm(
        visit.session,
        visit.person,
        zone=zone if people.is_zone(zone) else None,
        slot=slot,
        days=days,
        pace=Pace(pace) if pace in set(Pace) else None,
        shift=shift,
        now=visit.now,
    )
    after = rhythm_of(visit)
    if (after.slot, after.days, after.pace, after.shift) != (before.slot, before.days, before.pace, before.shift):
        visit.person.rhythm_chosen = True
    visit.person.zone_chosen = people.is_zone(zone)
    visit.person.saves_text = event.text("save") != "no"
    if event.text("language") in LANGUAGES:
        choose_language(visit, event.text("language"))
    return [*_begun(visit, event), *receipt(visit, before)]


def rhythm_card(rhythm: Rhythm, words: Words, *, heading: str = "title") -> Card:
    """Return the rhythm as it is, and every way to change it. `heading` is the name of the text above it."""
    title = words(f"rhythm.{heading}")
    change = Button(text=words("rhythm.change"), action="rhythm.open", opens_form=True)
    return Card(
        summary=title,
        parts=(Heading(title), Facts(facts(rhythm, words)), Buttons((change,)), Note(words("rhythm.typed"))),
    )


def facts(rhythm: Rhythm, words: Words) -> tuple[tuple[str, str], ...]:
    """Return the rhythm as labels and values. The days are left out where the pace says which they are, and the shift
    in the daytime."""
    place, is_three = words.city(rhythm.zone), rhythm.pace is Pace.THREE
    return (
        *(((words("rhythm.shift"), shift_in_words(rhythm.shift, words)),) if rhythm.shift is not Shift.DAY else ()),
        (words("rhythm.slot"), words("rhythm.at", slot=words.slot(rhythm.slot), city=place)),
        *(((words("rhythm.days"), days_in_words(rhythm, words)),) if rhythm.pace is not Pace.MONDAYS else ()),
        (words("rhythm.pace"), words("rhythm.pace_three" if is_three else f"rhythm.choice_{rhythm.pace}")),
        (words("rhythm.language"), words(f"rhythm.language_{rhythm.language}")),
    )


def days_in_words(rhythm: Rhythm, words: Words) -> str:
    """Return the days on which exercises come, of a pace that has several."""
    own = [day for day in range(5) if rhythm.days >> day & 1]
    if rhythm.pace is Pace.THREE:
        own = [day for day in own if day in three_a_week(rhythm.days)]
    return words("rhythm.every_day") if len(own) == 5 else words.listed([words(f"rhythm.day_{day}") for day in own])


def shift_in_words(shift: Shift, words: Words) -> str:
    return words(f"rhythm.shift_{shift}", begin=words.clock(HOURS[shift].begin), end=words.clock(HOURS[shift].end))


def slot_outside(shift: Shift, words: Words) -> str:
    """Say which times there are to choose from."""
    hours = HOURS[shift]
    return words("rhythm.slot_outside", first=words.clock(hours.begin), last=words.clock(hours.last_slot))


def slot_from(text: str, *shifts: Shift) -> str | None:
    """Return a time of day as "HH:MM", or None when it is none or outside the hours of each of the shifts."""
    found = _TIME.fullmatch(text.strip().casefold())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if hour > 23 or minute > 59 or not any(HOURS[shift].has_slot(time(hour, minute)) for shift in shifts):
        return None
    return f"{hour:02}:{minute:02}"


def choose_language(visit: Visit, language: str) -> None:
    visit.person.language = language
    visit.person.language_chosen = True


def keep_pace(visit: Visit, event: Pressed) -> list[Show]:
    return [Say(note_card(visit.words("rhythm.pace_kept")))]


def pace_three(visit: Visit, event: Pressed) -> list[Show]:
    return set_pace(visit, Pace.THREE)


def pace_mondays(visit: Visit, event: Pressed) -> list[Show]:
    return set_pace(visit, Pace.MONDAYS)


def set_pace(visit: Visit, pace: Pace) -> list[Show]:
    if pace is not Pace.MONDAYS and rhythm_of(visit).shift is Shift.NIGHT:
        return [Say(note_card(visit.words("rhythm.night_is_weekly")))]
    people.set_rhythm(visit.session, visit.person, pace=pace, now=visit.now)
    visit.person.rhythm_chosen = True
    return [Say(note_card(visit.words(f"rhythm.now_{pace}", days=days_in_words(rhythm_of(visit), visit.words))))]


def _begun(visit: Visit, event: Submitted) -> list[Show]:
    """Return the message with the welcome the form was opened from, as it stands once somebody has begun."""
    value, at = was_about(event.about)
    return welcome_shown(visit, at, started=True) if value == FROM_WELCOME and at else []


def receipt(visit: Visit, before: Rhythm) -> list[Show]:
    return [Say(receipt_card(before, rhythm_of(visit), Words(visit.person.language)))]


def receipt_card(before: Rhythm, after: Rhythm, words: Words) -> Card:
    """Say the rhythm as it stands, and whether that is a change."""
    card = rhythm_card(after, words, heading="unchanged" if after == before else "changed")
    if before.shift is not Shift.NIGHT or after.shift is Shift.NIGHT or after.pace is not Pace.MONDAYS:
        return card
    return replace(card, parts=(*card.parts, Paragraph(words("rhythm.still_weekly"))))


ROUTES = Routes(
    presses={
        "rhythm.open": open_form,
        "pace.keep": keep_pace,
        "pace.three": pace_three,
        "pace.mondays": pace_mondays,
    },
    forms={"rhythm": submitted},
    commands={},
)
