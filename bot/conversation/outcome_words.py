"""What has been released, in sentences: how many of how many first, and never more exact than so few people allow."""

from collections.abc import Sequence

from babel.numbers import format_decimal

from bot.conversation.texts import Words
from lessons.models import Text
from lessons.outcomes.intervals import FEWEST_FOR_T, bounds, paired_change
from lessons.outcomes.measures import SHARES, SKL, measure_of, measure_so_far
from lessons.outcomes.released_cohort import ReleasedCohort, WaveOfCohort
from lessons.outcomes.released_wave import AT_LEAST, Counted, Limited, Question, ReleasedWave, ScaleChange, YesNoChange
from lessons.outcomes.saying import RESPONSE_TO_TRUST, Precision, Share, in_percent, in_points, precision_for, share
from lessons.outcomes.stopping import stopped_by
from lessons.outcomes.suppression import FEWEST
from lessons.surveys import PLACEHOLDER, Wave

LEAST_OF_TWO_DECIMALS = 0.1


def wave_text(wave: WaveOfCohort, words: Words) -> str:
    return words("outcomes.wave_on", wave=words(f"outcomes.wave_{wave.wave}"), day=words.long_day(wave.opens_on))


def stop_text(waves: Sequence[WaveOfCohort], words: Words) -> str:
    """Say when too few felt supported, and what to do; nothing where nobody must stop."""
    when = stopped_by(waves)
    return words("outcomes.stop_text", wave=words(f"outcomes.wave_{when}")) if when is not None else ""


def response_text(told: ReleasedWave, words: Words) -> str:
    """Say how many of those who were asked have answered anything."""
    if told.asked < FEWEST:
        return words("outcomes.response_tiny")
    if told.answered is None:
        return words("outcomes.response_few", asked=told.asked)
    rate = share(told.answered, told.asked)
    return words(f"outcomes.response_{rate.precision}", answered=told.answered, asked=told.asked, percent=rate.percent)


def main_figures(cohort: ReleasedCohort, words: Words) -> list[tuple[str, str]]:
    """Return what a card has room for, each with its name: SKL's shares and our measures the last time they were asked,
    and what has changed for the same people. What the last week has not told is told as it was in week three."""
    told = [
        (wave.wave, question)
        for wave in cohort.waves
        if wave.told is not None and wave.told.answered is not None
        for question in wave.told.questions
    ]
    so_far = {measure_so_far(one.survey, one.item, wave): (wave, one) for wave, one in told if one.share}
    latest = {(one.survey, one.item, is_change_alone(one)): (wave, one) for wave, one in told}
    named = {measure_of(one.survey, one.item, wave): (wave, one) for wave, one in latest.values() if one.share}
    changed = [(wave, one) for wave, one in latest.values() if is_change_alone(one) and one.change]
    shown = []
    for measure in SHARES:
        if measure in named:
            shown.append((words(f"outcomes.{measure}"), share_text(named[measure][1], words)))
        elif measure in so_far:
            name = words("outcomes.so_far", measure=words(f"outcomes.{measure}"))
            shown.append((name, share_text(so_far[measure][1], words)))
    return shown + [(heading(one, wave, words), change_text(one, words)) for wave, one in changed]


def heading(question: Question, wave: Wave, words: Words) -> str:
    """Name what is measured; a question that is no measure of ours by its own text."""
    measure = measure_of(question.survey, question.item, wave)
    return words(f"outcomes.{measure}") if measure else question_text(question, words)


def question_text(question: Question, words: Words) -> str:
    return words.of(question.text).replace(PLACEHOLDER, words("outcomes.behaviour"))


def chosen_text(texts: Sequence[Text], words: Words) -> str:
    """Return the answers that count as yes: "”Stämmer ganska bra” eller ”Stämmer helt”"."""
    quoted = [words("outcomes.quoted", text=words.of(text)) for text in texts]
    if len(quoted) == 1:
        return quoted[0]
    return words("outcomes.or", first=", ".join(quoted[:-1]), last=quoted[-1])


def share_text(question: Question, words: Words) -> str:
    """Say the share in one sentence, or that it is not shown."""
    found, what = question.share, chosen_text(question.yes_texts, words)
    if found is None:
        return words("outcomes.hidden")
    if isinstance(found, Limited):
        side = "lower" if found.is_lower else "upper"
        return words(f"outcomes.share_{side}", percent=found.percent, answers=found.answers, what=what)
    said = share(found.yes, found.answers)
    low, high = said.interval or (0, 0)
    return words(
        f"outcomes.share_{said.precision}",
        yes=said.yes,
        answers=said.answers,
        what=what,
        percent=said.percent,
        low=low,
        high=high,
    )


def share_notes(question: Question, wave: Wave, words: Words) -> list[str]:
    """Return what must be said beside the share: how certain it is, who is not in it, and what SKL found."""
    found = question.share
    notes = []
    if found is not None:
        if precision_for(found.answers) is Precision.COUNTS:
            notes.append(words("outcomes.counts_note"))
        elif question.asked is not None:
            notes += _could_be(found, question, question.asked, words)
    if question.apart:
        what = chosen_text(question.apart_texts, words)
        notes.append(words("outcomes.apart", number=question.apart, what=what))
    return [*notes, *reference_notes(question, wave, words)]


def _could_be(found: Counted | Limited, question: Question, asked: int, words: Words) -> list[str]:
    """Say how far those who did not answer could have moved the share, where they are many. Who answered that they do
    not know has answered, though it may not be told how many they are."""
    answered = found.answers + question.apart
    if answered >= RESPONSE_TO_TRUST * asked:
        return []
    fewest, most = _yes(found)
    low, _ = in_percent(bounds(fewest, found.answers, asked - question.apart))
    _, high = in_percent(bounds(most, found.answers, asked - question.apart))
    key = "could_be_counted" if question.apart_texts and not question.apart else "could_be"
    return [words(f"outcomes.{key}", answers=answered, asked=asked, low=low, high=high)]


def _yes(found: Counted | Limited) -> tuple[int, int]:
    """How many said yes, at least and at most. Of a share that is a bound, all but one at most said the same."""
    if isinstance(found, Counted):
        return found.yes, found.yes
    return (found.answers - 1, found.answers) if found.is_lower else (0, 1)


def reference_notes(question: Question, wave: Wave, words: Words) -> list[str]:
    """Compare with SKL's figure; empty for what SKL did not measure."""
    percent = reference_percent(question, wave)
    if percent is None:
        return []
    notes = [words("outcomes.skl_reference", percent=percent)]
    said = share(question.share.yes, question.share.answers) if isinstance(question.share, Counted) else None
    if said is not None and said.interval is not None:
        notes.append(words(f"outcomes.skl_{_beside(said, percent)}"))
    return [*notes, words("outcomes.skl_note")]


def reference_percent(question: Question, wave: Wave) -> int | None:
    measure = measure_of(question.survey, question.item, wave)
    return SKL[measure].percent if measure is not None and measure in SKL else None


def change_text(question: Question, words: Words) -> str:
    """Say in one sentence who changed which way, or that it is not shown."""
    found = question.change
    if found is None:
        return words("outcomes.change_few")
    if isinstance(found, YesNoChange):
        return _yes_no_text(question, found, words)
    if found.limit is not None:
        key = "change_at_least" if found.limit == AT_LEAST else "change_at_most"
        return words(f"outcomes.{key}", people=found.people, percent=found.limit)
    key = "higher" if found.same is None else "all"
    return words(f"outcomes.change_{key}", people=found.people, higher=found.higher, same=found.same, lower=found.lower)


def change_notes(question: Question, words: Words) -> list[str]:
    """Return whether anything has changed, as far as anybody can tell."""
    found = question.change
    if found is None:
        return []
    if isinstance(found, YesNoChange):
        return [
            words("outcomes.change_moves", gained=found.gained, lost=found.lost),
            _verdict(found.pairs.change, can_be_told=found.can_be_told, words=words),
        ]
    if found.mean is None or found.interval is None:
        why = "too_few" if found.people < FEWEST_FOR_T else "no_mean"
        return [words(f"outcomes.change_{why}"), *_sign_verdict(found, words)]
    low, high = found.interval
    mean = {"mean": signed(found.mean, words), "low": signed(low, words), "high": signed(high, words)}
    return [
        words("outcomes.change_mean", **mean),
        _verdict(found.mean, can_be_told=found.can_be_told, words=words),
    ]


def is_change_alone(question: Question) -> bool:
    return question.tells_change and not question.tells_share


def signed(number: float, words: Words) -> str:
    """Return a change with its sign and one decimal: "+0,4"."""
    rounded = round(number, 1) + 0.0  # no minus before a zero
    return str(format_decimal(rounded, format="+0.0;−0.0" if rounded else "0.0", locale=words.language))  # noqa: RUF001


def decimal(number: float, words: Words) -> str:
    return str(
        format_decimal(number, format="0.00" if number >= LEAST_OF_TWO_DECIMALS else "0.000", locale=words.language)
    )


def _beside(said: Share, percent: int) -> str:
    low, high = said.interval or (0, 100)
    return "above" if low > percent else "below" if high < percent else "within"


def _yes_no_text(question: Question, found: YesNoChange, words: Words) -> str:
    low, high = in_percent(paired_change(found.pairs))
    return words(
        f"outcomes.change_yes_no_{precision_for(found.pairs.people)}",
        people=found.pairs.people,
        before=found.both + found.lost,
        after=found.both + found.gained,
        what=chosen_text(question.yes_texts, words),
        points=whole(in_points(found.pairs.change, of=found.pairs.people), words),
        low=whole(low, words),
        high=whole(high, words),
    )


def whole(number: int, words: Words) -> str:
    return str(format_decimal(number, format="+0;−0" if number else "0", locale=words.language))  # noqa: RUF001 - minus


def _verdict(change: float, *, can_be_told: bool, words: Words) -> str:
    if not can_be_told:
        return words("outcomes.change_unsure")
    return words("outcomes.change_up" if change > 0 else "outcomes.change_down")


def _sign_verdict(found: ScaleChange, words: Words) -> list[str]:
    """Without a mean, judged by how many went which way, where all of that is told."""
    if found.higher is None or found.lower is None:
        return []
    return [_verdict(found.higher - found.lower, can_be_told=found.can_be_told, words=words)]


def scale_ways(found: ScaleChange, words: Words) -> list[tuple[str, int]]:
    """Return how many went which way, as far as that is told, in the order of a table."""
    told = [("higher", found.higher), ("same", found.same), ("lower", found.lower)]
    if found.higher is not None and found.same is None:
        told = [("higher", found.higher), ("same_or_lower", found.people - found.higher)]
    return [(words(f"outcomes.direction_{name}"), number) for name, number in told if number is not None]
