"""What a person can reach on a page: with the keyboard, and with a finger that is not exact."""

from playwright.async_api import Page

LEAST_PIXELS = 24
"""Of WCAG 2.2, 2.5.8."""


async def out_of_reach(page: Page) -> list[str]:
    """Press Tab until it comes round, and return what has not had the focus although one can act on it.

    What a fold hides is unfolded first; of radio buttons, arrow keys do the rest.
    """
    await page.evaluate(
        """() => {
             for (const node of document.querySelectorAll("details")) node.open = true;
             for (const node of document.querySelectorAll("[data-reached]")) delete node.dataset.reached;
             document.addEventListener("focusin", (event) => { event.target.dataset.reached = "yes"; });
           }"""
    )
    number = await page.evaluate(f"({_TO_ACT_ON})().length")
    for _ in range(2 * number + 10):
        await page.keyboard.press("Tab")
    left: list[str] = await page.evaluate(
        f"""() => ({_TO_ACT_ON})().filter((node) => !node.dataset.reached
              && !(node.type === "radio" && document.querySelector(`[name="${{node.name}}"][data-reached]`)))
              .map((node) => node.outerHTML)"""
    )
    return left


_TO_ACT_ON = """() => {
  const open = [...document.querySelectorAll("dialog[open]")].at(-1) || document;
  return [...open.querySelectorAll("button, a[href], summary, select, input, textarea")]
    .filter((node) => node.checkVisibility() && !node.disabled);
}"""


async def too_small(page: Page) -> list[str]:
    """Return what can be acted on and is smaller than a target may be. Links within a line of text are let off."""
    found: list[str] = await page.evaluate(
        """(least) => [...document.querySelectorAll('button, a[href], summary, select, input, textarea')]
             .map((node) => [node, node.getBoundingClientRect()])
             .filter(([node, box]) => box.width && !node.classList.contains('skip') && !node.closest('.ac-textRun'))
             .filter(([node, box]) => Math.min(box.width, box.height) < least)
             .map(([node]) => node.outerHTML)""",
        LEAST_PIXELS,
    )
    return found
