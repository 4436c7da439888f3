from pathlib import Path

import pytest

from tests.lessons.written import ContentFolder


@pytest.fixture
def own(tmp_path: Path) -> ContentFolder:
    """An empty content folder of an organisation."""
    (tmp_path / "own" / "lessons").mkdir(parents=True)
    return ContentFolder(path=tmp_path / "own")
