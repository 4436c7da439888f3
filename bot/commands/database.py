"""`knuff db upgrade`."""

import sys

from bot.commands.faults import plainly
from bot.settings import read_settings
from storage.database import upgrade


@plainly
def upgrade_database() -> int:
    upgrade(read_settings().database_url)
    sys.stdout.write("The database has the newest schema.\n")
    return 0
