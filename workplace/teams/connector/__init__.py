"""The connector: what the bot calls, under /teams/emea/v3/."""
