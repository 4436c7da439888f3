"""How outcomes are computed and small groups hidden. Pure: knows no chat, no database, no clock."""
