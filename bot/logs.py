"""How the program logs: constant events with ids beside them, on standard error. Lines for a machine, colours for a
person."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

# These print what they were sent when something goes wrong. We say it ourselves, without the words of people.
SILENCED = (
    "slack_bolt", "slack_sdk", "knuff.bolt", "aiohttp", "apscheduler", "botbuilder", "botframework", "msrest",
)  # fmt: skip


def configure(*, level: int = logging.INFO) -> None:
    person = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            _without_texts,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer() if person else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    for name in SILENCED:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def where(error: BaseException) -> str:
    """Return the class of an error and where it was raised. Never its text, which may hold what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return type(error).__name__ + place


def _without_texts(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Say an exception's class and place instead of its text: a database's error quotes the values it was given."""
    raised = event.pop("exc_info", None)
    error = sys.exc_info()[1] if raised is True else raised
    if isinstance(error, BaseException):
        event["raised"] = where(error)
    return event
