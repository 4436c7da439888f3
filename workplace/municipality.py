"""Two ready-made populations: Älvsunda kommun, small and by name, and any number of generated people."""

import random

from workplace.seed import Seed, SeedChannel, SeedGroup, SeedPerson

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
)

_FIRST = ("Anna", "Oskar", "Fatima", "Johan", "Elin", "Ahmed", "Sara", "Nils", "Ingrid", "Viktor", "Leila", "Maja")
_LAST = ("Öberg", "Lund", "Nyström", "Ali", "Åkesson", "Holm", "Ekman", "Björk", "Strand", "Wallin", "Sjöberg")
_ZONES = ("Europe/Stockholm", "Europe/Stockholm", "Europe/Stockholm", "Europe/Helsinki", "Europe/London")


def generated(people: int, *, seed: int = 1, zones: tuple[str, ...] = _ZONES) -> Seed:
    """Return a workplace of `people` invented people; the same seed gives the same people."""
    chance = random.Random(seed)
    invented = tuple(_invented(number, chance, zones) for number in range(1, people + 1))
    everyone = tuple(person.id for person in invented)
    return Seed(
        people=invented,
        channels=(SeedChannel(id="C01LEDARE", name="ledare", members=everyone),),
        groups=(SeedGroup(id="S01CHEFER", handle="chefer", name="Chefer", members=everyone),),
    )


def _invented(number: int, chance: random.Random, zones: tuple[str, ...]) -> SeedPerson:
    real_name = f"{chance.choice(_FIRST)} {chance.choice(_LAST)}"
    return SeedPerson(
        id=f"UP{number:06d}",
        name=f"person{number}",
        real_name=real_name,
        tz=chance.choice(zones),
        locale=chance.choice(("sv-SE", "sv-SE", "sv-SE", "en-GB")),
    )
