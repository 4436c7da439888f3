"""What Knuff answers over HTTP: platforms' requests, health, and our own page."""
