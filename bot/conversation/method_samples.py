"""Group methods, exercises somebody has led, what they think of one: the part of `knuff preview` about that.

As with the rest of the conversation, the desk itself answers, over a database in memory.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.conversation.cards import Card, Form, Heading
from bot.conversation.method_parts import below_card, method_parts
from bot.conversation.sample_data import MONDAY
from bot.conversation.sample_database import from_nothing
from bot.conversation.sample_leader import MORNING, Leader, Sample
from bot.conversation.sample_links import PAGE, with_fixed_links
from bot.conversation.texts import Words
from bot.conversation.visiting import House
from lessons.models import Kind
from storage.tables.deliveries import Kind as DeliveryKind

SAID = {
    "sv": {
        "found": "metod tyst", "one": "metod smallest-test", "none": "metod qqqq", "some": "metod gruppen",
        "led": "Vi provade stående möte", "learned": "Tystnad först gav fler förslag.",
        "change": "Ge ett exempel från hemtjänsten.", "health": "En kollega med cancer kan inte göra den.",
        "useful": ("till nytta", "nytta delvis", "nytta nej"), "suggest": "föreslå en ändring", "name": "Kim Ek",
    },
    "en": {
        "found": "method silent", "one": "method smallest-test", "none": "method qqqq", "some": "method group",
        "led": "We tried a standing meeting", "learned": "Silence first gave more suggestions.",
        "change": "Give an example from home care.", "health": "A colleague with cancer cannot do it.",
        "useful": ("useful yes", "useful partly", "useful no"), "suggest": "suggest a change", "name": "Kim Ek",
    },
}  # fmt: skip


def samples(language: str, house: House) -> list[Sample]:
    words = Words(language)
    cards: list[Sample] = [
        (
            "message",
            f"method_{method.id}",
            Card(
                summary=words.of(method.title),
                parts=(
                    Heading(words.of(method.title)),
                    *method_parts(method, words),
                    below_card(method, words, has_page=True, in_chat=True),
                ),
            ),
        )
        for method in house.library.methods.values()
    ]
    return cards + from_nothing(lambda session: _Reads(session, language, house).reads())


class _Reads(Leader):
    def reads(self) -> Iterator[Sample]:
        yield from self._types("useful_none", "nytta ja")
        yield from self._methods()
        yield from self._led()
        yield from self._opinions()
        yield from self._suggestions()
        yield from self._types("my_data_led_and_suggested", "mina uppgifter")

    def _methods(self) -> Iterator[Sample]:
        said, method = SAID[self.language], next(iter(self.house.library.methods))
        yield from self._types("methods_typed", "metod")
        yield from self._types("methods_found_typed", str(said["found"]))
        yield from self._types("methods_some_typed", str(said["some"]))
        yield from self._types("method_typed", str(said["one"]))
        yield from self._types("methods_none_typed", str(said["none"]))
        yield from self._presses("methods_page", "method.open")
        yield from self._presses("methods_purpose_page", "method.purpose", "imagine")
        search = self._opens("method.search")
        yield ("modal", "method_search", search)
        yield from self._sends("methods_found_page", search, minutes="30", people="5")
        yield from self._sends("methods_many_page", search, words="")
        yield from self._sends("methods_none_page", search, words="qqqq")
        yield from self._presses("method_page", "method.read", method)
        yield from self._presses("method_in_chat", "method.say", method, view="V1")
        yield from self._presses("method_gone", "method.say", "no-such", view="V1")
        yield from self._presses("method_print_no_page", "method.print", method)
        yield from self._printed(method)
        yield from self._presses("methods_of_lesson", "method.of", "lesson:L46")
        yield from self._presses("methods_of_challenge", "method.of", "challenge:idea-sprint")

    def _printed(self, method: str) -> Iterator[Sample]:
        """The link is drawn each time: another stands in its place."""
        with_page = replace(self.house, page_address=PAGE)
        for surface, shown in self._hears(self._press("method.print", method), with_page):
            if isinstance(shown, Form):
                yield surface, "answer_method_print", with_fixed_links(shown)

    def _led(self) -> Iterator[Sample]:
        said, method = SAID[self.language], next(iter(self.house.library.methods))
        day = MONDAY.isoformat()
        yield from self._types("led_none", "ledda övningar")
        form = self._opens("led.new", method)
        yield ("modal", "led_form", form)
        yield from self._sends("led_noted", form, day=day, method=method, people="8", learned=str(said["learned"]))
        yield from self._sends("led_without_words", form, day=day, method="-", what="x", people="1", save="no")
        health = self._sends("led_form_asks", form, day=day, method="-", what=str(said["health"]))
        yield from health
        again = next(one for _surface, _name, one in health if isinstance(one, Form))
        yield from self._sends("led_other", again, day=day, method="-", what=str(said["led"]), on_page=True)
        yield from self._types("led_typed", "ledda övningar")
        yield from self._presses("led_page", "led.open")
        yield from self._presses("led_removed", "led.remove", "1")

    def _opinions(self) -> Iterator[Sample]:
        nudge = self._is_sent(DeliveryKind.NUDGE, Kind.QUIZ)
        yield from self._presses("quiz_to_think_of", "nudge.choice", f"{nudge.id}:0")
        for useful in ("yes", "partly", "no"):
            yield from self._presses(f"useful_{useful}", "feedback.give", f"{nudge.id}:{useful}")
        for name, words in zip(("yes", "partly", "no"), SAID[self.language]["useful"], strict=True):
            yield from self._types(f"typed_useful_{name}", words)
        self._is_asked(postponed=0, day=MONDAY + timedelta(days=1))
        yield from self._types("done_to_think_of", "klart", at=MORNING + timedelta(days=1))

    def _suggestions(self) -> Iterator[Sample]:
        said = SAID[self.language]
        change, health, name = (str(said[one]) for one in ("change", "health", "name"))
        yield from self._types("suggest_typed", str(said["suggest"]))
        form = self._opens("suggestion.open", f"{next(iter(self.house.library.lessons))}:{self.language}:")
        yield ("modal", "suggestion_form", form)
        yield from self._sends("suggestion_form_asks", form, body=health, signature="")
        yield from self._sends("suggestion_sent", form, body=change, signature="")
        yield from self._sends("suggestion_signed", form, body=change, signature=name)
        yield from self._sends(
            "suggestion_gone", replace(form, about=f"L000:{self.language}:"), body=change, signature=""
        )
