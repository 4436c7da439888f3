"""Block Kit: what Slack accepts, and what its elements say when people use them."""
