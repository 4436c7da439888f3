"""Which chart belongs to a thing measured. None where a figure is not shown, or of so few that it has no per cent."""

from collections.abc import Sequence

from bot.conversation.texts import Words
from bot.outcomes.charts import ShareBar, Spoken, share_chart, ways_chart
from bot.outcomes.parts import ShareRow, Shown
from lessons.outcomes.released_wave import Counted
from lessons.outcomes.saying import share


def chart_of(shown: Shown, name: str, words: Words) -> str | None:
    """Return it as one `svg` element whose ids begin with `name`."""
    spoken = Spoken(title=words("outcomes.chart_title", what=shown.heading), text=shown.sentence)
    if bars := _bars(shown.shares):
        percent = shown.reference
        line = None if percent is None else (percent, words("outcomes.skl_label", percent=percent))
        return share_chart(bars, axis=words("outcomes.axis_percent"), name=name, spoken=spoken, line=line)
    if shown.ways:
        return ways_chart(tuple(shown.ways), axis=words("outcomes.axis_people"), name=name, spoken=spoken)
    return None


def _bars(rows: Sequence[ShareRow]) -> tuple[ShareBar, ...]:
    bars = []
    for label, figure in rows:
        said = share(figure.yes, figure.answers) if isinstance(figure, Counted) else None
        if said is not None and said.percent is not None and said.interval is not None:
            low, high = said.interval
            bars.append(ShareBar(label=label, percent=said.percent, low=low, high=high))
    return tuple(bars)
