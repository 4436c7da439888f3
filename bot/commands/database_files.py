"""What is wrong when a database does not open, in a sentence: its file and folder, or its server."""

import os
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError


def file_of(database_url: str) -> Path | None:
    """Return the file of an SQLite database; None for a database on a server."""
    parsed = make_url(database_url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(parsed.database.removeprefix("file:"))  # sqlite:///file:knuff.db?mode=ro&uri=true is an address too


def trouble_with(database_url: str, error: OperationalError) -> str:
    """Return a sentence that names the thing and what to do."""
    path = file_of(database_url)
    if path is None:
        return (
            f"The database does not answer ({type(error.orig).__name__}): look at KNUFF_DATABASE_URL and at the server."
        )
    if getattr(error.orig, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
        return (
            f"Somebody else keeps the database file {path} to themselves, as `knuff move` does: wait until that is done"
            " and try again."
        )
    # What SQLite says is about files and locks, never about what is in the database.
    return fault_of_place(path) or (
        f"The database file {path} cannot be used ({error.orig}): see that user {os.getuid()} may write to it and to"
        f" the folder {path.absolute().parent}, and that the disk is not full."
    )


def fault_of_place(path: Path) -> str | None:
    """Return why no database can be there, in a sentence; None when one can, as far as can be seen without trying."""
    folder = path.absolute().parent
    if not folder.is_dir():
        return f"KNUFF_DATABASE_URL names {path}, and there is no folder {folder}: make it, or name another file."
    if path.is_dir():
        return f"KNUFF_DATABASE_URL names {path}, which is a folder: name a file in it."
    if not os.access(folder, os.W_OK | os.X_OK):
        return (
            f"KNUFF_DATABASE_URL names {path}, and user {os.getuid()} may not write to the folder {folder}: allow it."
        )
    return None
