"""What is on standard error is said by us: libraries quote what they were sent."""

import subprocess
import sys

READS_NONSENSE = """
from contextlib import suppress
from msrest.exceptions import DeserializationError
from msrest.pipeline.universal import RawDeserializer
import botbuilder.core, botframework.connector, logging
from bot.logs import configure
configure()
with suppress(DeserializationError):
    RawDeserializer.deserialize_from_text("Kari skriver", "application/xml")
for name in ("botbuilder.core.bot_adapter", "botframework.connector.async_mixin", "msrest.serialization"):
    logging.getLogger(name).error("Kari skriver")
logging.getLogger("another").warning("a line of another's")
"""


def test_what_teams_libraries_say_of_what_they_read_is_not_logged() -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", READS_NONSENSE], capture_output=True, text=True, check=True
    )
    assert ran.stderr.splitlines() == ["WARNING another a line of another's"]
