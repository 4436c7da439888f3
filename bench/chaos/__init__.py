"""Chaos as a tool: virtual working days through a whole fleet while everything goes wrong, and a judge who knows none
of our code."""
