"""Älvsunda kommun with so many more people that it takes minutes to send to all of them: for looking at a fleet."""

from workplace.municipality import ALVSUNDA, generated
from workplace.seed import Seed

IN_SLACK = 150
IN_TEAMS = 60


def crowded(*, people: int = IN_SLACK, teams_people: int = IN_TEAMS) -> Seed:
    """Return it with so many invented people besides, who are all in #ledare or in the team Ledning."""
    more = generated(people, teams_people=teams_people, zones=("Europe/Stockholm",))
    [leaders, *channels], [led, *teams] = ALVSUNDA.channels, ALVSUNDA.teams.teams
    leaders = leaders.model_copy(update={"members": (*leaders.members, *(person.id for person in more.people))})
    led = led.model_copy(update={"members": (*led.members, *(person.id for person in more.teams.people))})
    in_teams = {"people": (*ALVSUNDA.teams.people, *more.teams.people), "teams": (led, *teams)}
    crowd = {
        "people": (*ALVSUNDA.people, *more.people),
        "channels": (leaders, *channels),
        "teams": ALVSUNDA.teams.model_copy(update=in_teams),
    }
    return ALVSUNDA.model_copy(update=crowd)
