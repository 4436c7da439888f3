"""Teams: how Knuff looks and listens there."""
