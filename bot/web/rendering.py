"""Our cards and forms as pages: templates, our two marks, and the headers that keep a page to itself."""

import re
import secrets
from functools import cache
from http import HTTPStatus
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from bot.conversation.texts import LANGUAGES, Words
from lessons.marks import QUIET, STRONG

CODE = re.compile(r"`([^`]+)`")
HERE = Path(__file__).parent
STYLESHEET = "/static/knuff.css"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def page(template: str, words: Words, *, organisation: str, title: str, **fields: object) -> Response:
    """Return a page of ours in one language; `errors`, by input, make it one that must be sent again."""
    shown = {
        "organisation": organisation, "form_token": None, "here": "/my", "errors": {}, "said": (), "status": None,
        "is_home": False, "is_data": False, **fields,
    }  # fmt: skip
    html = _templates().get_template(f"{template}.html").render(words=words, title=title, **shown)
    code = HTTPStatus.UNPROCESSABLE_ENTITY if shown["errors"] else HTTPStatus.OK
    return HTMLResponse(html, status_code=code, headers=HEADERS)


def both_languages(name: str, *, organisation: str, status: HTTPStatus) -> Response:
    """Return a short page in both languages, for when we do not know who reads it."""
    pages = [
        {"words": words, "title": words(f"pages.{name}_title"), "text": words(f"pages.{name}_text")}
        for words in map(Words, LANGUAGES)
    ]
    html = _templates().get_template("both.html").render(pages=pages, organisation=organisation)
    return HTMLResponse(html, status_code=status, headers=HEADERS)


def go_to(path: str) -> Response:
    return RedirectResponse(path, status_code=HTTPStatus.SEE_OTHER, headers=HEADERS)


def document(template: str, words: Words, **fields: object) -> str:
    """Return a document that somebody takes along: it stands without us, and asks for nothing elsewhere."""
    return _templates().get_template(f"{template}.html").render(words=words, **fields)


async def stylesheet(_request: Request) -> Response:
    kept = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
    return FileResponse(HERE / "static" / "knuff.css", media_type="text/css", headers=kept)


def marked(text: str) -> Markup:
    """Return our text with its two marks as HTML, everything else as it stands."""
    html = QUIET.sub(r"<em>\1</em>", STRONG.sub(r"<strong>\1</strong>", str(escape(text))))
    return Markup(html.replace("\n", "<br>"))  # noqa: S704 - escaped above


def coded(text: str) -> Markup:
    """Return our text with what is to be typed, between backticks, as code."""
    html = CODE.sub(r"<code>\1</code>", str(escape(text)))
    return Markup(html)  # noqa: S704 - escaped above


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["marked"] = marked
    environment.filters["coded"] = coded
    environment.globals["kind_of"] = lambda part: type(part).__name__
    # A new one in every copy of a form: the same copy sent twice is seen.
    environment.globals["new_key"] = lambda: secrets.token_urlsafe(16)
    return environment
