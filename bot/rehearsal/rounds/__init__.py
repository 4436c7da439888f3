"""Teams that do a challenge, rehearsed beside the exercises some of them get, and judged by what was seen."""
