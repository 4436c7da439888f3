"""How a command ends that cannot do its work: one sentence on standard error and exit code 2, no stack trace."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

P = ParamSpec("P")
CANNOT = 2


def say(sentence: str) -> None:
    sys.stderr.write(f"knuff: {sentence}\n")


def plainly(command: Callable[P, int]) -> Callable[P, int]:
    """Turn what stops a command into a sentence."""

    @wraps(command)
    def plain(*arguments: P.args, **named: P.kwargs) -> int:
        from alembic.util import CommandError
        from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

        from bot.settings import SettingsFault
        from lessons.faults import ContentError
        from storage.schema import HalfMoved, OtherEncoding, ReadOnly

        try:
            return command(*arguments, **named)
        except SettingsFault as fault:
            say(str(fault))
        except ArgumentError:
            say(
                "KNUFF_DATABASE_URL cannot be used: it must look like sqlite:///knuff.db"
                " or postgresql://user@host/name."
            )
        except OperationalError as error:
            from bot.commands.database_files import trouble_with
            from bot.settings import read_settings

            say(trouble_with(read_settings().database_url, error))
        except DBAPIError as error:
            say(
                f"The database at KNUFF_DATABASE_URL cannot be used ({type(error.orig).__name__}):"
                " it is no database of Knuff's, or the address has an option it does not know."
            )
        except CommandError:
            say(
                "The database is newer than this Knuff, so it is left as it is:"
                " start the Knuff that made it, or restore an older backup."
            )
        except ReadOnly:
            say(
                "The database at KNUFF_DATABASE_URL may only be read (a standby, or default_transaction_read_only):"
                " name the server that takes writes, or let this user write."
            )
        except OtherEncoding:
            say(
                "The database at KNUFF_DATABASE_URL does not keep its text in UTF-8: name one that does"
                " (`createdb --encoding UTF8 --template template0 knuff`)."
            )
        except HalfMoved:
            say(
                "A move into this database has not come to its end: run `knuff move` again as before,"
                " or start on the SQLite file as before."
            )
        except ContentError as error:
            say("The lessons cannot be used as they are:")
            for line in str(error).splitlines():
                say(line)
        except KeyboardInterrupt:
            return 130
        return CANNOT

    return plain
