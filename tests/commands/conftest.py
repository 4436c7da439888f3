import pytest

from tests.commands.typed import Knuff


@pytest.fixture
def knuff(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Knuff:
    return Knuff(capsys, monkeypatch)
