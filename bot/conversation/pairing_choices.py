"""What somebody chooses for themselves about being put together with others: with whom not, and whether at all.

Nobody else sees any of it, and nothing that anybody else sees says why.
"""

from bot.conversation.cards import Button, Buttons, Form, Note, Paragraph, Part, PeopleInput
from bot.conversation.events import Pressed, Submitted
from bot.conversation.references import number
from bot.conversation.round_pages import page
from bot.conversation.round_view import StepNow
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.conversation.visiting import CannotAnswer, Routes, Visit
from storage import exclusions, sitting_out, teams
from storage.contributions import Inputs
from storage.tables.teams import Team
from storage.teams import TeamNotFound

AGAIN, NO = "again", "no"
"""In a challenge of pairs: the input that asks whether one wants to be put together again, and the answer no."""


def ask_whom_not(visit: Visit, event: Pressed) -> list[Show]:
    words = visit.words
    chosen = tuple(exclusions.of_person(visit.session, visit.person))
    form = Form(
        name="exclusions",
        title=words("pairs.exclusions_title"),
        submit=words("pairs.exclusions_submit"),
        close=words("rounds.cancel"),
        body=(
            Paragraph(words("pairs.exclusions_intro")),
            PeopleInput(
                name="people",
                label=words("pairs.exclusions_label"),
                hint=words("pairs.exclusions_hint"),
                initial=chosen,
                optional=True,
            ),
            Note(words("pairs.exclusions_cost")),
        ),
    )
    return [OpenForm(form)]


def keep_whom_not(visit: Visit, event: Submitted) -> list[Show]:
    """Keep whom the form names, in place of what it named before."""
    chosen = {one.external_id for one in event.profiles.get("people", ())}
    if len(chosen) > exclusions.MOST:
        return [Refuse({"people": visit.words("pairs.exclusions_many", most=exclusions.MOST)})]
    exclusions.choose(visit.session, visit.person, chosen)
    return _told(visit, visit.words("pairs.exclusions_kept" if chosen else "pairs.exclusions_none"))


def come_back(visit: Visit, event: Pressed) -> list[Show]:
    team = _team(visit, event.value)
    sitting_out.come_back(visit.session, visit.person, team.id)
    return _told(visit, visit.words("pairs.came_back", team=team.name))


def heed(visit: Visit, at: StepNow, inputs: Inputs, *, before: Inputs | None = None) -> None:
    """Do as the person says who was asked whether they want to be put together again. What they left empty, or took
    back, says nothing: it undoes a no that stood there before, and no choice they made elsewhere."""
    if at.round.pairs_across_units is None:
        return
    answer, was = inputs.get(AGAIN), (before or {}).get(AGAIN)
    if answer == NO:
        sitting_out.sit_out(visit.session, visit.person, at.team.id)
    elif answer or was == NO:
        sitting_out.come_back(visit.session, visit.person, at.team.id)


def as_chosen(visit: Visit, at: StepNow) -> list[Part]:
    """Say beside what the person handed in that they sit out from now on, where they do, and where to change it."""
    if at.round.pairs_across_units is None or not sitting_out.sits_out(visit.session, visit.person, at.team.id):
        return []
    return [Note(visit.words("pairs.sits_out"))]


def in_own_team(visit: Visit, team: Team) -> list[Part]:
    """What a team in the list of one's own says of it: nothing for most."""
    if not sitting_out.sits_out(visit.session, visit.person, team.id):
        return []
    words = visit.words
    back = Button(
        text=words("pairs.come_back"),
        action="pairs.come_back",
        value=str(team.id),
        spoken=f"{words('pairs.come_back')}: {team.name}"[:75],
        opens_form=True,
    )
    return [Paragraph(words("pairs.sits_out_here")), Buttons((back,))]


def in_own_teams(visit: Visit) -> list[Part]:
    """What stands below the list: the way to the choice of whom not."""
    button = Button(text=visit.words("pairs.exclusions_open"), action="exclusions.open", opens_form=True)
    return [Buttons((button,))]


def in_no_team(visit: Visit) -> list[Part]:
    """As `in_own_teams` for whoever has left them all: what they chose is still kept, and theirs to clear."""
    return in_own_teams(visit) if exclusions.of_person(visit.session, visit.person) else []


def _told(visit: Visit, text: str) -> list[Show]:
    return [OpenForm(page(visit, "pairs.title", Paragraph(text)))]


def _team(visit: Visit, value: str) -> Team:
    try:
        return teams.find(visit.session, visit.person.organisation_id, number(value))
    except TeamNotFound:
        raise CannotAnswer("teams.gone") from None


ROUTES = Routes(
    presses={"exclusions.open": ask_whom_not, "pairs.come_back": come_back},
    forms={"exclusions": keep_whom_not},
    commands={},
)
