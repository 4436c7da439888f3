"""The two marks our texts may have, found the same way wherever they are dressed.

Each looks no further than the next sign of its kind: people write long texts, with signs that never end.
A mark counts around a whole word or phrase only: "snake_case" and "2**3" have none.
"""

import re

STRONG = re.compile(r"(?<![\w*])\*\*(?=\S)((?:(?!\*\*).)+)(?<=\S)\*\*(?![\w*])", re.DOTALL)
QUIET = re.compile(r"(?<![\w_])_(?=[^\s_])([^_\n]+?)(?<=[^\s_])_(?![\w_])")
