"""A content file before anybody knows what it is: its lines, its YAML, its name."""

from pathlib import Path

from lessons.faults import WHOLE_FILE, Fault
from lessons.yaml_lines import LocatedYaml, UnreadableYaml, read_yaml


def lines_of(path: Path) -> list[str] | Fault:
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 (byte {error.start}). Save it as UTF-8."
    except OSError as error:
        message = f"the file cannot be read: {error.strerror or error}. Check its name and who may read it."
    return Fault(path=path, line=WHOLE_FILE, message=message)


def located(path: Path) -> LocatedYaml | Fault:
    """The whole file as YAML with keys."""
    lines = lines_of(path)
    return lines if isinstance(lines, Fault) else yaml_of(path, lines, first_line=1)


def yaml_of(path: Path, lines: list[str], *, first_line: int) -> LocatedYaml | Fault:
    """Some lines of the file as YAML with keys; the first of them is `first_line` of the file."""
    try:
        located = read_yaml("\n".join(lines), first_line=first_line)
    except UnreadableYaml as error:
        message = f"this is not YAML: {error}. Put a text with a colon, comma or # between quotation marks."
        return Fault(path=path, line=error.line, message=message)
    if not isinstance(located.value, dict):
        return Fault(path=path, line=first_line, message='there are no keys here. Write "key: value" lines.')
    return located


def wrong_name(path: Path, located: LocatedYaml) -> list[Fault]:
    """The fault of a file that is not called what its id says, if it is one."""
    name = located.value.get("id")
    if name is None or str(name) == path.stem:
        return []
    message = f'the id is "{name}" but the file is called {path.name}. Give both the same name.'
    return [Fault(path=path, line=located.line_of(("id",)), message=message)]
