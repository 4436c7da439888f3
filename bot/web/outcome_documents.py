"""The report of a cohort as HTML: on our own page, and as a document that stands alone and prints."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.conversation.texts import Words
from bot.outcomes.drawing import chart_of
from bot.outcomes.parts import Group, Report, Shown
from bot.web.rendering import document


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    shown: Shown
    chart: Markup | None


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawnGroup:
    group: Group
    drawn: Sequence[Drawn]


def report_html(report: Report, words: Words) -> str:
    return document("outcomes_document", words, title=report.title, report=report, groups=drawn(report, words))


def drawn(report: Report, words: Words) -> list[DrawnGroup]:
    """Return the groups with their charts."""
    return [
        DrawnGroup(
            group=group,
            drawn=[
                Drawn(shown=shown, chart=_marked(chart_of(shown, f"chart-{at}-{place}", words)))
                for place, shown in enumerate(group.shown, start=1)
            ],
        )
        for at, group in enumerate(report.groups, start=1)
    ]


def _marked(svg: str | None) -> Markup | None:
    return None if svg is None else Markup(svg)  # noqa: S704 - everything in it is escaped where it is drawn
