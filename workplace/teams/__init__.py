"""The half that is Microsoft Teams: a tenant, its connector, its keys, and the people in it."""
