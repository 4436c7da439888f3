"""Two ready-made populations: Älvsunda kommun, small and by name, and any number of generated people."""

import random

from workplace.seed import (
    Seed,
    SeedChannel,
    SeedGroup,
    SeedPerson,
    SeedTeams,
    SeedTeamsChannel,
    SeedTeamsPerson,
    SeedTeamsTeam,
)

SOFIA = "0a000001-0000-4000-8000-000000000001"
MATS = "0a000002-0000-4000-8000-000000000002"
ASA = "0a000003-0000-4000-8000-000000000003"
EMILY = "0a000004-0000-4000-8000-000000000004"
TUULA = "0a000005-0000-4000-8000-000000000005"
HASSAN = "0a000006-0000-4000-8000-000000000006"
BRITT = "0a000007-0000-4000-8000-000000000007"
PETER = "0a000008-0000-4000-8000-000000000008"

_IN_TEAMS = SeedTeams(
    people=(
        SeedTeamsPerson(id=SOFIA, name="Sofia Lindgren", title="Samordnare, innovation"),
        SeedTeamsPerson(id=MATS, name="Mats Eriksson", title="Förvaltningschef, bygg och miljö"),
        SeedTeamsPerson(id=ASA, name="Åsa Nyberg", title="Enhetschef, äldreomsorgen"),
        SeedTeamsPerson(id=EMILY, name="Emily Turner", title="Service designer", locale="en-GB"),
        SeedTeamsPerson(
            id=TUULA, name="Tuula Virtanen", title="Bibliotekarie, vänortsutbyte", tz="Europe/Helsinki", locale="sv-FI"
        ),
        SeedTeamsPerson(id=HASSAN, name="Hassan Karimi", title="Rektor, Sjöviks skola"),
        SeedTeamsPerson(id=BRITT, name="Britt Johansson", title="Ekonomichef", installed=False),
        SeedTeamsPerson(id=PETER, name="Peter Åkerlund", title="Fastighetschef", blocked=True),
    ),
    teams=(
        SeedTeamsTeam(
            id="19:ledning-alvsunda@thread.tacv2",
            name="Ledning",
            group_id="0b000001-0000-4000-8000-000000000001",
            members=(SOFIA, MATS, ASA, EMILY, HASSAN, BRITT, PETER),
            channels=(SeedTeamsChannel(id="19:utveckling-alvsunda@thread.tacv2", name="Utveckling"),),
            installed=True,
        ),
        SeedTeamsTeam(
            id="19:bibliotek-alvsunda@thread.tacv2",
            name="Biblioteken",
            group_id="0b000002-0000-4000-8000-000000000002",
            members=(TUULA, EMILY, ASA),
        ),
    ),
)

ALVSUNDA = Seed(
    people=(
        SeedPerson(id="U01KARIN", name="karin.lindqvist", real_name="Karin Lindqvist", title="Rektor, Åbacka skola"),
        SeedPerson(id="U02ERIK", name="erik.sandstrom", real_name="Erik Sandström", title="Enhetschef, hemtjänsten"),
        SeedPerson(id="U03AMINA", name="amina.hassan", real_name="Amina Hassan", title="Samordnare, utveckling"),
        SeedPerson(id="U04LARS", name="lars.norberg", real_name="Lars Norberg", title="Chef, gata och park"),
        SeedPerson(
            id="U05HELEN", name="helen.carter", real_name="Helen Carter", title="Digital strategist", locale="en-GB"
        ),
        SeedPerson(
            id="U06JAMES",
            name="james.okafor",
            real_name="James Okafor",
            title="Project lead, on exchange in Leeds",
            tz="Europe/London",
            locale="en-GB",
        ),
        SeedPerson(
            id="U07PIRJO",
            name="pirjo.makinen",
            real_name="Pirjo Mäkinen",
            title="Bibliotekschef, vänortsutbyte",
            tz="Europe/Helsinki",
        ),
        SeedPerson(id="U08MALIN", name="malin.berg", real_name="Malin Berg", title="Socialchef"),
        SeedPerson(id="U09DAVID", name="david.rosen", real_name="David Rosén", title="Näringslivschef"),
        SeedPerson(id="U10GUNNAR", name="gunnar.palm", real_name="Gunnar Palm", title="Har slutat", deleted=True),
        SeedPerson(id="U11RUMBOT", name="rumsbokaren", real_name="Rumsbokaren", title="Bokar rum", is_bot=True),
    ),
    channels=(
        SeedChannel(
            id="C01LEDARE",
            name="ledare",
            topic="För oss som leder",
            members=("U01KARIN", "U02ERIK", "U03AMINA", "U04LARS", "U05HELEN", "U08MALIN", "U09DAVID", "U11RUMBOT"),
        ),
        SeedChannel(
            id="C02ALLA",
            name="alla",
            topic="Nytt från kommunen",
            members=("U01KARIN", "U02ERIK", "U03AMINA", "U04LARS", "U05HELEN", "U06JAMES", "U07PIRJO", "U08MALIN"),
            bot_is_member=False,
        ),
    ),
    groups=(
        SeedGroup(
            id="S01CHEFER",
            handle="chefer",
            name="Chefer",
            members=("U01KARIN", "U02ERIK", "U04LARS", "U08MALIN", "U09DAVID", "U10GUNNAR"),
        ),
    ),
    teams=_IN_TEAMS,
)

CARE = "Vård och omsorg"
WITH_CARE = ALVSUNDA.model_copy(
    update={
        "people": ALVSUNDA.people
        + tuple(
            SeedPerson(
                id=f"U{number}VARD",
                name=real_name.lower().replace(" ", "."),
                real_name=real_name,
                title=title,
                unit=CARE,
            )
            for number, (real_name, title) in enumerate(
                (
                    ("Annika Sjögren", "Verksamhetschef, särskilt boende"),
                    ("Bengt Olofsson", "Enhetschef, Solgården"),
                    ("Cecilia Wahl", "Enhetschef, Björkbacken"),
                    ("Daniel Hedlund", "Enhetschef, korttidsboendet"),
                    ("Elsa Nyman", "Enhetschef, hemtjänst norr"),
                    ("Farid Rahimi", "Enhetschef, hemtjänst söder"),
                    ("Gunilla Frisk", "Enhetschef, nattpatrullen"),
                    ("Hanna Lövgren", "Enhetschef, hemsjukvården"),
                    ("Ibrahim Yusuf", "Biträdande enhetschef, Solgården"),
                    ("Jenny Ström", "Biträdande enhetschef, hemtjänst norr"),
                    ("Kristina Hallberg", "Medicinskt ansvarig sjuksköterska"),
                    ("Linda Moberg", "Enhetschef, biståndshandläggare"),
                    ("Magnus Ekdahl", "Enhetschef, daglig verksamhet"),
                    ("Nadja Petrov", "Enhetschef, gruppbostäder"),
                    ("Ola Bergman", "Verksamhetschef, funktionsstöd"),
                    ("Petra Kvist", "Enhetschef, personlig assistans"),
                    ("Roger Svärd", "Enhetschef, boendestöd"),
                    ("Sara Lindahl", "Verksamhetschef, ordinärt boende"),
                    ("Tomas Brink", "Enhetschef, rehabiliteringen"),
                    ("Ulrika Dahl", "Enhetschef, anhörigstödet"),
                    ("Vera Jansson", "Enhetschef, mötesplatserna"),
                    ("Yasmin Haddad", "Utvecklingsledare"),
                    ("Åke Rönn", "Enhetschef, bemanningen"),
                    ("Örjan Falk", "Enhetschef, måltiderna"),
                ),
                start=21,
            )
        )
    }
)
"""Älvsunda with a unit more, whose leaders can have practised for some weeks before anybody looks."""

_FIRST = ("Anna", "Oskar", "Fatima", "Johan", "Elin", "Ahmed", "Sara", "Nils", "Ingrid", "Viktor", "Leila", "Maja")
_LAST = ("Öberg", "Lund", "Nyström", "Ali", "Åkesson", "Holm", "Ekman", "Björk", "Strand", "Wallin", "Sjöberg")
_ZONES = ("Europe/Stockholm", "Europe/Stockholm", "Europe/Stockholm", "Europe/Helsinki", "Europe/London")
_LOCALES = ("sv-SE", "sv-SE", "sv-SE", "en-GB")


def generated(people: int, *, teams_people: int = 0, seed: int = 1, zones: tuple[str, ...] = _ZONES) -> Seed:
    """Return a workplace of so many invented people in Slack and in Teams; the same seed gives the same people."""
    chance = random.Random(seed)
    invented = tuple(_invented(number, chance, zones) for number in range(1, people + 1))
    everyone = tuple(person.id for person in invented)
    return Seed(
        people=invented,
        channels=(SeedChannel(id="C01LEDARE", name="ledare", members=everyone),),
        groups=(SeedGroup(id="S01CHEFER", handle="chefer", name="Chefer", members=everyone),),
        teams=_invented_teams(teams_people, chance, zones),
    )


def _invented(number: int, chance: random.Random, zones: tuple[str, ...]) -> SeedPerson:
    return SeedPerson(
        id=f"UP{number:06d}",
        name=f"person{number}",
        real_name=_name(chance),
        tz=chance.choice(zones),
        locale=chance.choice(_LOCALES),
    )


def _invented_teams(people: int, chance: random.Random, zones: tuple[str, ...]) -> SeedTeams:
    """Return people who are all in one team, where the app is installed."""
    if not people:
        return SeedTeams()
    invented = tuple(
        SeedTeamsPerson(
            id=f"0c{number:06x}-0000-4000-8000-{number:012x}",
            name=_name(chance),
            tz=chance.choice(zones),
            locale=chance.choice(_LOCALES),
        )
        for number in range(1, people + 1)
    )
    everyone = tuple(person.id for person in invented)
    team = SeedTeamsTeam(id="19:ledning@thread.tacv2", name="Ledning", members=everyone, installed=True)
    return SeedTeams(people=invented, teams=(team,))


def _name(chance: random.Random) -> str:
    return f"{chance.choice(_FIRST)} {chance.choice(_LAST)}"
