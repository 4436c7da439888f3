"""The command line: `knuff`. Each command imports what it needs when it runs."""

from pathlib import Path
from typing import Annotated

import typer

from bot.content_cli import lessons, methods

app = typer.Typer(
    name="knuff",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
    help="One short innovation-leadership exercise a working day, in the chat people already use.",
)
database = typer.Typer(no_args_is_help=True, help="The database.")
manifest = typer.Typer(no_args_is_help=True, help="What a platform must know to install Knuff.")
inbox = typer.Typer(no_args_is_help=True, help="What people did that could not be handled.")
app.add_typer(database, name="db")
app.add_typer(lessons, name="lessons")
app.add_typer(methods, name="methods")
app.add_typer(manifest, name="manifest")
app.add_typer(inbox, name="inbox")


@app.command()
def serve(
    clock_start: Annotated[
        str | None,
        typer.Option(
            metavar="MOMENT",
            help="Run the clock from this moment (2026-03-02T08:29:50+01:00). For trials on this machine.",
        ),
    ] = None,
) -> None:
    """Run Knuff: listen to the platform, plan and send."""
    from bot.commands.serve import serve as run

    raise typer.Exit(run(clock_start=clock_start))


@app.command()
def worker() -> None:
    """Send, beside `knuff serve`: as many as are needed, on one PostgreSQL."""
    from bot.commands.worker import worker as run

    raise typer.Exit(run())


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where the pretend workplace can be opened.")] = 8000,
    clock_start: Annotated[
        str, typer.Option(metavar="MOMENT", help="When the demo begins.")
    ] = "2026-02-27T08:00:00+01:00",
) -> None:
    """Try Knuff in a browser: a pretend workplace with people in it, no account needed."""
    from bot.commands.demo import demo as run

    raise typer.Exit(run(port=port, clock_start=clock_start))


@database.command("upgrade")
def database_upgrade() -> None:
    """Bring the database to the newest schema. `serve` does so by itself."""
    from bot.commands.database import upgrade_database

    raise typer.Exit(upgrade_database())


@app.command()
def move(
    to: Annotated[
        str, typer.Option(metavar="ADDRESS", help="An empty database: postgresql://user@host/name.", show_default=False)
    ],
) -> None:
    """Move the SQLite database to PostgreSQL, while Knuff is stopped. Interrupted, it goes on where it was."""
    from bot.commands.move import move_house

    raise typer.Exit(move_house(to))


@inbox.command("list")
def inbox_list(as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False) -> None:
    """Show what was set aside, with the kind of event and the class of the error; nobody's id and nobody's words."""
    from bot.commands.inbox import list_inbox

    raise typer.Exit(list_inbox(as_json=as_json))


@inbox.command("replay")
def inbox_replay(
    event_ids: Annotated[list[int] | None, typer.Argument(metavar="ID...", help="As the list shows them.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything that the list shows.")] = False,
) -> None:
    """Have what was set aside handled once more, when what stopped it has been mended."""
    from bot.commands.inbox import replay_inbox

    raise typer.Exit(replay_inbox(event_ids or (), everything=everything))


@app.command()
def preview(
    platform: Annotated[str, typer.Option(help="Whose messages: slack or teams.")] = "slack",
    language: Annotated[str, typer.Option(help="sv or en.")] = "sv",
    everything: Annotated[
        bool, typer.Option("--all", help="Every message, form and Home, not just the names.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show every message, form and Home Knuff can show, with sample data."""
    from bot.commands.preview import preview as run

    raise typer.Exit(run(platform=platform, language=language, everything=everything, as_json=as_json))


@app.command()
def huddle(
    challenge: Annotated[str, typer.Argument(help="The challenge's id, such as idea-sprint.")],
    language: Annotated[str, typer.Option(help="sv or en.")] = "sv",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The HTML file to write. Default: standard output.")
    ] = None,
) -> None:
    """Make a challenge's huddle card: one page to print, with every day, how to hold it, and what applies."""
    from bot.commands.huddle import huddle as run

    raise typer.Exit(run(challenge, language=language, out=out))


@app.command()
def rehearse(
    what: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="A programme's id, such as eight-weeks, or a challenge's, such as idea-sprint."
        ),
    ],
    people: Annotated[
        int | None, typer.Option(min=1, help="Of a programme: how many simulated people. Default: 50.")
    ] = None,
    teams: Annotated[int | None, typer.Option(min=1, help="Of a challenge: how many teams do it. Default: 5.")] = None,
    organisations: Annotated[
        int | None,
        typer.Option(
            help="Of a programme: let so many organisations (3 to 6) go through it, whose teams hand relays to each "
            "other, and end with their joint report.",
            show_default=False,
        ),
    ] = None,
    platform: Annotated[
        str | None,
        typer.Option(
            help="Where they are: slack, teams, or both (half in each). Default: slack; of a challenge, both.",
            show_default=False,
        ),
    ] = None,
    start: Annotated[str, typer.Option(metavar="DATE", help="The first day.")] = "2026-03-02",
    seed: Annotated[int, typer.Option(help="The same seed, the same people.")] = 1,
    closed: Annotated[
        list[str] | None,
        typer.Option(metavar="DATE", help="A day the organisation is closed; say it once for each day."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a calendar.")] = False,
    log: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write every message and every explained promise to a new file.")
    ] = None,
) -> None:
    """Go through a programme or a challenge on a virtual clock, with people who answer, stay silent, pause, travel and
    leave."""
    from bot.commands.rehearse import rehearse as run

    raise typer.Exit(
        run(
            what=what,
            people=people,
            teams=teams,
            organisations=organisations,
            platform=platform,
            start=start,
            seed=seed,
            closed=closed or (),
            as_json=as_json,
            log=log,
        )
    )


@manifest.command("slack")
def manifest_slack(
    url: Annotated[
        str | None, typer.Option(help="Where Slack reaches Knuff, such as https://knuff.example.se. None: Socket Mode.")
    ] = None,
    socket_mode: Annotated[
        bool, typer.Option("--socket-mode", help="Listen through a socket: nothing to open in a firewall.")
    ] = False,
    audiences: Annotated[
        bool,
        typer.Option("--audiences", help="Coordinators may pick people by user group or channel (three more scopes)."),
    ] = False,
    name: Annotated[str, typer.Option(help="What people see the app is called.")] = "Knuff",
) -> None:
    """Print the Slack app's manifest: paste it at api.slack.com/apps, From a manifest."""
    from bot.commands.manifest import print_slack_manifest

    raise typer.Exit(print_slack_manifest(url=url, socket_mode=socket_mode, audiences=audiences, name=name))


@manifest.command("teams")
def manifest_teams(
    url: Annotated[str, typer.Option(help="Where people reach Knuff's own page, such as https://knuff.example.se.")],
    app_id: Annotated[str, typer.Option(help="The Azure bot's Microsoft App ID.")],
    about: Annotated[
        str, typer.Option(metavar="URL", help="Where your organisation tells how it handles personal data.")
    ],
    name: Annotated[str, typer.Option(help="What people see the app is called.")] = "Knuff",
    out: Annotated[Path, typer.Option(metavar="FILE", help="The package to write.")] = Path("knuff-teams.zip"),
) -> None:
    """Write the Teams app's package, with manifest and icons: an administrator uploads it."""
    from bot.commands.manifest import write_teams_package

    raise typer.Exit(write_teams_package(url=url, app_id=app_id, name=name, about=about, out=out))


@app.command()
def account(
    day: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="The day, such as 2026-03-02. Default: today.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, help="So many days, of which that is the last.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of lines.")] = False,
) -> None:
    """Add up a day: promised = sent + explained + on the way. Ends with 1 when a day that is over does not balance."""
    from bot.commands.account import show_account

    raise typer.Exit(show_account(day=day, days=days, as_json=as_json))


@app.command()
def outcomes(
    what: Annotated[
        list[str],
        typer.Argument(metavar="COHORT", help="A cohort's name or number; with --join, files written with --released."),
    ],
    join: Annotated[
        bool, typer.Option("--join", help="A joint report of several organisations, from what each has released.")
    ] = False,
    language: Annotated[str, typer.Option("--language", "--lang", help="sv or en.")] = "sv",
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the report as a page, with charts, to print.")
    ] = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the figures for a spreadsheet.")] = None,
    semicolon: Annotated[
        bool, typer.Option("--semicolon", help="With --csv: as Swedish Excel reads it, semicolons and decimal commas.")
    ] = False,
    released: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write what has been released, for a joint report.")
    ] = None,
) -> None:
    """Say what came of a cohort, as far as it may be told: never of fewer than five."""
    from bot.commands.outcomes import join_outcomes, show_outcomes

    if join and (csv or released):
        raise typer.BadParameter("--join is read here or written with --html; --csv and --released are of one cohort.")
    if semicolon and csv is None:
        raise typer.BadParameter("--semicolon says how --csv is written: give that too.")
    if join:
        raise typer.Exit(join_outcomes([Path(file) for file in what], language=language, html=html))
    if len(what) > 1:
        raise typer.BadParameter("name one cohort; --join takes several files.")
    raise typer.Exit(
        show_outcomes(what[0], language=language, html=html, csv=csv, released=released, semicolon=semicolon)
    )


@app.command()
def doctor() -> None:
    """Say in plain words what is missing and what to do about it."""
    from bot.commands.doctor import doctor as run

    raise typer.Exit(run())


def main() -> None:
    app()


if __name__ == "__main__":
    main()
