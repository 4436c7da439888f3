"""What a person can do in Slack, one file per subject. Each act is delivered to the bot and says how it answered."""
