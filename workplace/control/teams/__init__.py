"""`/_control/teams`: the same for Teams."""
