"""What every test of our own page may ask for."""

from tests.web.places import place, store

__all__ = ["place", "store"]
