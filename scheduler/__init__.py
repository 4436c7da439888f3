"""When: working calendar, planning, the metronome and the lanes that send. Does not know what a card looks like."""
