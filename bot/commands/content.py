"""`knuff lessons check`: our content always, and the organisation's own."""

import sys
from pathlib import Path

from bot.commands.faults import plainly
from bot.settings import read_settings, require_content_folder
from lessons.checking import check_content, report


@plainly
def check_lessons(path: Path | None) -> int:
    settings = read_settings()
    if path is None:
        require_content_folder(settings)
    own = path or settings.content_path
    faults = [*check_content(), *(check_content(own) if own else [])]
    for line in report(faults):
        sys.stdout.write(f"{line}\n")
    if not faults:
        everything = "lesson, recall card, programme, challenge, method and survey"
        sys.stdout.write(f"Every {everything} is in order, in both languages.\n")
    return 1 if faults else 0
