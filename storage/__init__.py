"""What happened: tables by subject, queries by subject, one unit of work. Knows no chat and no lesson text."""
