"""Method cards as they are read: in a list, whole, and the way to them from what they suit. Pure."""

from collections.abc import Sequence

from bot.conversation.cards import Button, Buttons, ChoiceInput, Form, Heading, Note, Option, Paragraph, Part, TextInput
from bot.conversation.letters import Exercise
from bot.conversation.texts import Words
from lessons.method_page import METHOD_LABELS, method_facts
from lessons.methods import Method, Purpose
from lessons.models import Language

IN_A_ROW = 3
MOST_LISTED = 12
MINUTES = (15, 30, 45, 60, 90, 120)
PEOPLE = ((2, 4), (5, 8), (9, 15), (16, None))
OF_LESSON, OF_CHALLENGE = "lesson", "challenge"


def method_parts(method: Method, words: Words) -> list[Part]:
    """Return the whole card, as it is on paper."""
    language = Language(words.language)
    labels = METHOD_LABELS[language]
    roles = [f"{words.of(part.role)}: {words.of(part.does)}" for part in method.roles]
    steps = [f"{at}. {words.of(step.text)} _{step.minutes} min_" for at, step in enumerate(method.steps, start=1)]
    lines = [f"{at}. {words.of(line)}" for at, line in enumerate(method.checklist, start=1)]
    told = {
        labels.when: words.of(method.when),
        labels.needs: words.of(method.needs),
        labels.roles: "\n".join(roles),
        labels.steps: "\n".join(steps),
        labels.checklist: "\n".join([*lines, f"_{' · '.join(labels.columns)}_"] if lines else []),
        labels.traps: "\n".join(words.of(trap) for trap in method.traps),
        labels.users: words.of(method.users),
    }
    return [
        Note(method_facts(method, language)),
        Paragraph(words.of(method.about)),
        *(Paragraph(f"**{label}**\n{text}") for label, text in told.items() if text),
        Note(f"{labels.source}: {method.source.in_(language)}"),
    ]


def listed(methods: Sequence[Method], words: Words, *, in_chat: bool) -> list[Part]:
    """Return a few lines and a button for each of them, as many as there is room for."""
    parts: list[Part] = []
    if len(methods) > MOST_LISTED:
        parts.append(Note(words("methods.some", shown=MOST_LISTED, number=len(methods))))
    for method in methods[:MOST_LISTED]:
        title, facts = words.of(method.title), method_facts(method, Language(words.language))
        parts.append(Paragraph(words("methods.line", title=title, about=words.of(method.about), facts=facts)))
        parts.append(Buttons((_to_card(method, title, in_chat=in_chat),)))
    return parts


def purposes(methods: Sequence[Method], words: Words, *, in_chat: bool) -> list[Part]:
    """Return what the list begins with: a button for each purpose there are methods for, and the search."""
    used = [purpose for purpose in Purpose if any(method.purpose is purpose for method in methods)]
    buttons = [
        Button(text=_purpose(purpose, words), action="method.purpose", value=purpose.value, opens_form=not in_chat)
        for purpose in used
    ]
    rows = [Buttons(tuple(buttons[at : at + IN_A_ROW])) for at in range(0, len(buttons), IN_A_ROW)]
    search = Button(text=words("methods.search"), action="method.search", opens_form=True)
    intro = Paragraph(words.count("methods.intro", len(methods)))
    return [intro, *rows, Buttons((search,)), Note(words("methods.typed"))]


def search_form(words: Words) -> Form:
    return Form(
        name="method_search",
        title=words("methods.search"),
        submit=words("library.search"),
        close=words("typed.close"),
        body=(
            TextInput(
                name="words",
                label=words("methods.search_words"),
                hint=words("methods.search_hint"),
                most=100,
                optional=True,
            ),
            _choice("purpose", [(one.value, _purpose(one, words)) for one in Purpose], words),
            _choice("minutes", [(str(one), words("methods.search_within", number=one)) for one in MINUTES], words),
            _choice("people", [(str(one[0]), _people(one, words)) for one in PEOPLE], words),
        ),
    )


def methods_beside(exercise: Exercise, words: Words) -> list[Part]:
    """Return the way to the methods that suit an exercise; nothing where there are none."""
    lesson = exercise.lesson
    return way_to(exercise.methods, f"{OF_LESSON}:{lesson.id}", words.of(lesson.title), words)


def way_to(methods: Sequence[Method], of: str, title: str, words: Words) -> list[Part]:
    """Return one button: to the only method, or to all that suit what `of` names."""
    if not methods:
        return []
    if len(methods) == 1:
        text = words("methods.one", title=words.of(methods[0].title))
        return [Buttons((_to_card(methods[0], text, in_chat=False),))]
    number = words.number(len(methods))
    text = words("methods.several", number=number)
    text = text[0].upper() + text[1:]
    spoken = words("methods.several_spoken", number=number, title=title)
    spoken = spoken[0].upper() + spoken[1:]
    return [Buttons((Button(text=text, action="method.of", value=of, spoken=spoken, opens_form=True),))]


def below_card(
    method: Method, words: Words, *, has_page: bool, in_chat: bool = False, in_channel: bool = False
) -> Buttons:
    """Return what can be done with a card that is open. In a channel nothing of somebody's own is offered."""
    say = Button(text=words("methods.in_chat"), action="method.say", value=method.id)
    print_it = Button(text=words("methods.print"), action="method.print", value=method.id, opens_form=True)
    led = Button(text=words("facilitation.new"), action="led.new", value=method.id, opens_form=True)
    return Buttons((*([] if in_chat else [say]), *([print_it] if has_page else []), *([] if in_channel else [led])))


def with_title(method: Method, words: Words) -> list[Part]:
    """Return the card for a page, whose own title is cut when it is long."""
    return [Heading(words.of(method.title)), *method_parts(method, words)]


def _to_card(method: Method, text: str, *, in_chat: bool) -> Button:
    action = "method.say" if in_chat else "method.read"
    return Button(text=text, action=action, value=method.id, opens_form=not in_chat)


def _choice(name: str, options: Sequence[tuple[str, str]], words: Words) -> ChoiceInput:
    label = words(f"methods.search_{name}")
    return ChoiceInput(name=name, label=label, options=tuple(Option(*one) for one in options), optional=True)


def _purpose(purpose: Purpose, words: Words) -> str:
    return words(f"methods.purpose_{purpose.name.lower()}")


def _people(span: tuple[int, int | None], words: Words) -> str:
    least, most = span
    if most is None:
        return words("methods.search_from", least=least)
    return words("methods.search_from_to", least=least, most=most)
