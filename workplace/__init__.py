"""A pretend workplace: a Slack with people in it, for trying, rehearsing and testing a bot over plain HTTP."""
