"""Slack: our words dressed as Block Kit, Slack's payloads undressed to our events, and the calls between."""
