"""The Slack half: answers a bot as Slack's own servers would, and calls it as they would."""
