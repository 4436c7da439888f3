"""One follow-up in a card: how it went, or whether a plan's moment came, at every stage."""

from bot.conversation.cards import Button, Buttons, Paragraph, Part, Style
from bot.conversation.exercise_parts import privacy_note
from bot.conversation.feedback_parts import opinion_parts
from bot.conversation.focus_parts import peer_parts
from bot.conversation.letters import Asked, Question
from bot.conversation.plan_parts import in_one_sentence, read_on_page
from bot.conversation.texts import Words


def question_parts(question: Question, words: Words) -> list[Part]:
    title = words.of(question.lesson.title)
    return [
        Paragraph(words("follow_ups.heading", title=title)),
        *_stage(question, words),
        *opinion_parts(question.ref, question.lesson, question.opinion, words),
    ]


def _stage(question: Question, words: Words) -> list[Part]:
    match question.asked:
        case Asked.OPEN:
            return _open(question, words)
        case Asked.NOT_YET:
            return _not_yet(question, words)
        case Asked.DID_NOT_COME:
            return _did_not_come(question, words)
        case Asked.POSTPONED:
            day = words.day(question.again_on) if question.again_on else ""
            return [Paragraph(words("follow_ups.again_on", day=day))]
        case Asked.LET_GO:
            return [Paragraph(words("follow_ups.let_go_said"))]
        case Asked.DONE | Asked.TRIED | Asked.CAME:
            said = Paragraph(words(f"follow_ups.{question.asked}_said"))
            return [said, *_reflection(question, words), *peer_parts(question.peer, words, is_asked=True)]


def _open(question: Question, words: Words) -> list[Part]:
    if question.plan is not None:
        return [
            Paragraph(words("plans.asked", plan=in_one_sentence(question.plan, words))),
            Buttons(
                (
                    _button("plans.came", "plan.came", question, words),
                    _button("plans.did_not_come", "plan.did_not_come", question, words),
                    *([read_on_page(words)] if question.plan.written_on_page else []),
                )
            ),
        ]
    asks = (
        words("follow_ups.smaller_asked", step=words.of(question.lesson.smaller_step))
        if question.smaller
        else words.of(question.lesson.follow_up)
    )
    names = ("done", "tried", "not_yet", "let_go")
    buttons = tuple(_button(f"follow_ups.{name}", f"follow_up.{name}", question, words) for name in names)
    return [Paragraph(asks), Buttons(buttons)]


def _not_yet(question: Question, words: Words) -> list[Part]:
    let_go = _button("follow_ups.let_go", "follow_up.let_go", question, words)
    if not question.can_postpone:
        done = _button("follow_ups.done", "follow_up.done", question, words)
        tried = _button("follow_ups.tried", "follow_up.tried", question, words)
        return [Paragraph(words("follow_ups.suggests_letting_go")), Buttons((let_go, done, tried))]
    new_date = _button("follow_ups.new_date", "follow_up.new_date", question, words, opens_form=True)
    if question.smaller:
        return [Paragraph(words("follow_ups.not_yet_again")), Buttons((new_date, let_go))]
    smaller = _button("follow_ups.smaller", "follow_up.smaller", question, words, style=Style.PRIMARY)
    step = words("follow_ups.not_yet_said", step=words.of(question.lesson.smaller_step))
    return [Paragraph(step), Buttons((smaller, new_date, let_go))]


def _did_not_come(question: Question, words: Words) -> list[Part]:
    if question.plan is None or question.plan.closed:
        return [Paragraph(words("plans.let_go_said"))]
    plan_id = str(question.plan.plan_id)
    again = Button(text=words("plans.new_day"), action="plan.change", value=plan_id, opens_form=True)
    let_go = Button(text=words("plans.let_go"), action="plan.let_go", value=plan_id)
    return [Paragraph(words("plans.did_not_come_said")), Buttons((again, let_go))]


def _reflection(question: Question, words: Words) -> list[Part]:
    if question.reflected:
        return [Paragraph(words("reflections.done"))]
    think = Button(
        text=words("reflections.think"), action="reflect.open", value=str(question.follow_up_id), opens_form=True
    )
    asks = Paragraph(words("reflections.asked", question=words.of(question.lesson.reflection)))
    return [asks, Buttons((think,)), privacy_note(words, saves_text=question.saves_text)]


def _button(
    key: str,
    action: str,
    question: Question,
    words: Words,
    *,
    style: Style = Style.PLAIN,
    opens_form: bool = False,
) -> Button:
    return Button(text=words(key), action=action, value=str(question.ref), style=style, opens_form=opens_form)
