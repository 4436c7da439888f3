"""Saying no to people, in words. How each platform says no to a bot is that platform's own."""


class NotPossible(Exception):
    """Something a person at the page cannot do: no such button, no open form, somebody else's message."""
