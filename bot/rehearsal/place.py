"""Where it happens: the organisation and its workspace, and who coordinates there."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    workspace: str = "rehearsal"
    organisation: str = "Exempelkommunen"
    contact: str = "Kim i Exempelkommunen"
    coordinator: str = "coordinator"
    """Their id on the platform, the same on each."""
    language: str = "en"
    """The coordinator's: what is refused is read on a command line, which speaks English."""
    secret: bytes = b"rehearsal"
    """The same each time, so the same seed gives the same rehearsal."""


EXAMPLE = Place()
