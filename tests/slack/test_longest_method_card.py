"""A method card as long as a file may make it is whole in a message."""

import json

from bot.conversation.cards import Card
from bot.conversation.method_parts import below_card, method_parts
from bot.conversation.texts import Words
from bot.slack.dress import message
from lessons.library import load_library
from lessons.methods import LONGEST_CARD, MethodStep
from lessons.models import Text


def test_the_longest_card_a_file_may_hold_is_whole_in_the_chat() -> None:
    method = load_library().method("ten-parts")
    others = sum(len(text.sv) for text in method.texts) - sum(len(step.text.sv) for step in method.steps)
    each = (LONGEST_CARD - others) // 12
    words = "”Säg & skriv” "
    step = MethodStep(minutes=1, text=Text(sv=(words * each)[:each].strip() + ".", en="Write."))
    longest = method.model_copy(update={"steps": (step,) * 12})
    said = Words("sv")
    shown = message(
        Card(summary="-", parts=(*method_parts(longest, said), below_card(longest, said, has_page=True, in_chat=True)))
    )
    assert "…" not in json.dumps(shown, ensure_ascii=False)
