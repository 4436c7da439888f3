"""An if-then plan in a card. What was written on our own page, and what was not to be saved, is not shown in words."""

from bot.conversation.cards import Button, Buttons, Card, Note, Paragraph, Part
from bot.conversation.health import mentions_health
from bot.conversation.letters import IfThen, PlanToday
from bot.conversation.texts import Words


def in_one_sentence(plan: IfThen, words: Words) -> str:
    """Return "Om …, då …" as one sentence, or where its words are when they are not shown here."""
    if plan.has_words:
        said = words("plans.sentence", cue=plan.cue.strip().rstrip(".,"), action=plan.action.strip().rstrip("."))
        return said.removesuffix(".") if said.endswith(("?.", "!.")) else said
    return words("plans.on_page" if plan.written_on_page else "plans.not_kept")


def read_on_page(words: Words) -> Button:
    return Button(text=words("own_page.read"), action="own_page.read")


def made_plan_parts(plan: IfThen, words: Words) -> list[Part]:
    """Return the plan in the exercise it was made for."""
    change = Button(text=words("plans.change"), action="plan.change", value=str(plan.plan_id), opens_form=True)
    made = Paragraph(words("plans.your_plan", plan=in_one_sentence(plan, words)))
    if plan.closed:
        return [made]
    return [
        made,
        Paragraph(words("plans.shown_on" if plan.has_words else "plans.reminds_on", day=words.day(plan.cue_on))),
        Buttons((*_where_to_read(plan, words), change)),
    ]


def open_plan_parts(title: str, plan: IfThen, words: Words, *, has_passed: bool) -> list[Part]:
    """Return an open plan in a list, with what can be done with it."""
    value, sentence = str(plan.plan_id), in_one_sentence(plan, words)
    said = sentence if plan.has_words else words("plans.of_exercise", title=title, plan=sentence)
    change = Button(text=words("plans.change"), action="plan.change", value=value, opens_form=True)
    let_go = Button(text=words("plans.let_go"), action="plan.let_go", value=value)
    return [
        Paragraph(words("home.plan_passed" if has_passed else "home.plan", plan=said, day=words.day(plan.cue_on))),
        Buttons((*_where_to_read(plan, words), change, let_go)),
    ]


def todays_plan_parts(today: PlanToday, words: Words) -> list[Part]:
    """Return a plan as it is shown again on the day of its cue."""
    plan, sentence = today.plan, in_one_sentence(today.plan, words)
    if plan.has_words:
        return [Paragraph(words("plans.today", plan=sentence))]
    said = words("plans.today_without", title=words.of(today.lesson.title), plan=sentence)
    parts: list[Part] = [Paragraph(said)]
    if plan.written_on_page:
        parts.append(Buttons((read_on_page(words),)))
    return parts


def kept_plan_card(plan: IfThen, words: Words, *, is_typed: bool = False) -> Card:
    """Return what is said of a plan that was just made or changed. One that was typed is saved already: if it seems to
    be about somebody's health, the question whether to change it stands here."""
    day = words.day(plan.cue_on)
    undo = Button(text=words("typed.undo"), action="plan.undo", value=str(plan.plan_id))
    way_back = (Buttons((undo,)),) if is_typed else ()
    if not plan.has_words:
        said = words("plans.made_on_page" if plan.written_on_page else "plans.made_not_kept", day=day)
        return Card(summary=said, parts=(Paragraph(said), *way_back))
    said = words("plans.kept", plan=in_one_sentence(plan, words), day=day)
    parts: list[Part] = [Paragraph(said)]
    if is_typed and mentions_health(f"{plan.cue} {plan.action}"):
        parts.append(Paragraph(words("saving.someones_health_saved")))
    parts += [*way_back, Note(words("plans.rehearse"))]
    if is_typed:
        parts.append(Note(words("typed.saved_note")))
    # The notification may be read by somebody else: nothing the person wrote.
    return Card(summary=words("plans.shown_on", day=day), parts=tuple(parts))


def _where_to_read(plan: IfThen, words: Words) -> list[Button]:
    return [read_on_page(words)] if plan.written_on_page else []
