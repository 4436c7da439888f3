"""What each command of `knuff` does. Imported when the command is run, so that asking for help takes no time."""
