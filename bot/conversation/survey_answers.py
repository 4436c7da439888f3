"""What a person has answered to the surveys, in words: for my data and their own page."""

from typing import Any

from bot.conversation import days
from bot.conversation.cards import Note, Paragraph, Part
from bot.conversation.survey_parts import answer_in_words, home_parts, title_of
from bot.conversation.survey_view import SurveyView, all_views
from bot.conversation.texts import Words
from bot.conversation.visiting import Visit
from storage.surveys import Question


def lines_of(visit: Visit, responses: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return when each question was answered, and a line that says how. `responses` are my data's."""
    words = visit.words
    views = {view.wave_id: view for view in _own(visit)}
    lines = []
    for row in responses:
        view = views.get(row["wave_id"])
        one = view.item(Question(row["item_id"], row["about"])) if view else None
        if view is not None and one is not None:
            what = f"{words.of(one.text)} {answer_in_words(one, words)}"
            lines.append((row["answered_at"], words("surveys.line", title=title_of(view, words), what=what)))
    return lines


def own_page_parts(visit: Visit) -> list[Part]:
    """Return every wave the person has been asked in: what they answered, and where that can be changed."""
    return [part for view in _own(visit) for part in _on_page(view, visit.words)]


def _on_page(view: SurveyView, words: Words) -> list[Part]:
    given = [one for one in view.items if one.is_given]
    answers: list[Part] = []
    if view.answered:  # who declined it all reads that once
        lines = [words("surveys.line", title=words.of(one.text), what=answer_in_words(one, words)) for one in given]
        answers += map(Paragraph, lines)
    if not view.is_closed:
        return [*home_parts([view], words), *answers]
    if not given:
        return []
    key = "own_declined" if not answers else "own_left" if view.has_left else "own_closed"
    return [Note(f"{title_of(view, words)} {words(f'surveys.{key}')}"), *answers]


def _own(visit: Visit) -> list[SurveyView]:
    return all_views(visit.session, person_id=visit.person.id, on=days.today(visit))
