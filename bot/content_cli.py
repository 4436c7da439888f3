"""The part of the command line that is about content: `knuff lessons` and `knuff methods`."""

from pathlib import Path
from typing import Annotated

import typer

lessons = typer.Typer(no_args_is_help=True, help="The lessons, and everything else that is practised.")
methods = typer.Typer(no_args_is_help=True, help="Group methods, step by step.")


@lessons.command("check")
def lessons_check(
    path: Annotated[
        Path | None, typer.Argument(help="Your own folder, or a file in it. Default: KNUFF_CONTENT_PATH.")
    ] = None,
) -> None:
    """Read all content, ours and your own, and name file, line and fault."""
    from bot.commands.content import check_lessons

    raise typer.Exit(check_lessons(path))


@lessons.command("list")
def lessons_list(
    behaviour: Annotated[str | None, typer.Option(help="Only lessons on this behaviour, such as ask_first.")] = None,
    principle: Annotated[str | None, typer.Option(help="Only lessons on this principle, such as culture.")] = None,
    element: Annotated[str | None, typer.Option(help="Only lessons on this element, such as el.support.")] = None,
    kind: Annotated[str | None, typer.Option(help="try-it, reflect, quiz, if-then, conversation or observe.")] = None,
    role: Annotated[str | None, typer.Option(help="manager, innovation-leader, team-member or politician.")] = None,
    minutes: Annotated[int | None, typer.Option(min=1, help="Only lessons that take so many minutes or fewer.")] = None,
    language: Annotated[str, typer.Option(help="sv or en.")] = "sv",
    as_json: Annotated[bool, typer.Option("--json", help="Each lesson whole, one JSON object a line.")] = False,
) -> None:
    """Show the lessons there are, ours and your own."""
    from bot.commands.lesson_lists import list_lessons

    raise typer.Exit(
        list_lessons(
            behaviour=behaviour,
            principle=principle,
            element=element,
            kind=kind,
            role=role,
            minutes=minutes,
            language=language,
            as_json=as_json,
        )
    )


@lessons.command("show")
def lessons_show(
    lesson: Annotated[str, typer.Argument(help="The lesson's id, such as L07.")],
    language: Annotated[str, typer.Option(help="sv or en.")] = "sv",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, in both languages.")] = False,
) -> None:
    """Show a whole lesson."""
    from bot.commands.lesson_lists import show_lesson

    raise typer.Exit(show_lesson(lesson, language=language, as_json=as_json))


@lessons.command("feedback")
def lessons_feedback(
    lesson: Annotated[str | None, typer.Argument(help="Only of this lesson, such as L07.")] = None,
    language: Annotated[str, typer.Option(help="sv or en.")] = "sv",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show how useful people found each lesson: only what five or more answered, added up."""
    from bot.commands.feedback import show_feedback

    raise typer.Exit(show_feedback(lesson, language=language, as_json=as_json))


@lessons.command("suggestions")
def lessons_suggestions(
    lesson: Annotated[str | None, typer.Argument(help="Only for this lesson, such as L07.")] = None,
    language: Annotated[str, typer.Option(help="sv or en.")] = "sv",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    remove: Annotated[
        str | None, typer.Option(metavar="ID", help="Take away one that has been dealt with, for good.")
    ] = None,
) -> None:
    """Show what people want changed in the lessons, as they wrote it; who wrote it only where they signed it."""
    from bot.commands.feedback import show_suggestions

    raise typer.Exit(show_suggestions(lesson, language=language, as_json=as_json, remove=remove))


@methods.command("list")
def methods_list(
    purpose: Annotated[str | None, typer.Option(help="understand, imagine, choose, test, learn or meet-users.")] = None,
    behaviour: Annotated[str | None, typer.Option(help="Only methods for this behaviour, such as facilitate.")] = None,
    minutes: Annotated[
        int | None, typer.Option(min=1, help="Only methods that can be done in so many minutes.")
    ] = None,
    people: Annotated[int | None, typer.Option(min=1, help="Only methods that suit so many people.")] = None,
    language: Annotated[str, typer.Option(help="sv or en.")] = "sv",
    as_json: Annotated[bool, typer.Option("--json", help="Each method whole, one JSON object a line.")] = False,
) -> None:
    """Show the group methods there are, ours and your own."""
    from bot.commands.methods import list_methods

    raise typer.Exit(
        list_methods(
            purpose=purpose, behaviour=behaviour, minutes=minutes, people=people, language=language, as_json=as_json
        )
    )


@methods.command("show")
def methods_show(
    method: Annotated[str, typer.Argument(help="The method's id, such as silent-start.")],
    language: Annotated[str, typer.Option(help="sv or en.")] = "sv",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, in both languages.")] = False,
) -> None:
    """Show a whole method."""
    from bot.commands.methods import show_method

    raise typer.Exit(show_method(method, language=language, as_json=as_json))


@methods.command("print")
def methods_print(
    method: Annotated[str, typer.Argument(help="The method's id, such as silent-start.")],
    language: Annotated[str, typer.Option(help="sv or en.")] = "sv",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The HTML file to write. Default: standard output.")
    ] = None,
) -> None:
    """Make a method's card: a page to print."""
    from bot.commands.methods import print_method

    raise typer.Exit(print_method(method, language=language, out=out))
