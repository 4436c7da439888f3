"""What is practised: lessons, programmes and the rules for writing them. Knows no chat, no database, no clock."""
