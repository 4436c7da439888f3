"""Links in samples: one that is drawn each time is the same in every one, so that nothing differs between two runs."""

from dataclasses import replace

from bot.conversation.cards import Buttons, Form

PAGE = "https://knuff.alvsunda.example"
"""A page of our own, for samples of what is different where there is one."""


def with_fixed_links(shown: Form) -> Form:
    """Return the form with an example in place of each link."""
    return replace(
        shown,
        body=tuple(
            Buttons(tuple(replace(one, url=f"{PAGE}/open/EXAMPLE") if one.url else one for one in part.buttons))
            if isinstance(part, Buttons)
            else part
            for part in shown.body
        ),
    )
