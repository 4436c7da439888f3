"""The measured figures are kept in a form that others can read."""

import json

import pytest

from bench.figures import RESULTS


def test_the_results_say_what_machine_they_are_of() -> None:
    machine = json.loads(RESULTS.read_text(encoding="utf-8").splitlines()[0])["machine"]
    assert {"cores", "memory_gb", "python", "sqlite", "postgresql"} <= set(machine)


def test_every_figure_has_its_unit_and_a_ratio_when_there_is_a_baseline() -> None:
    figures = [json.loads(line) for line in RESULTS.read_text(encoding="utf-8").splitlines()[1:]]
    assert figures
    for figure in figures:
        assert list(figure) == ["name", "value", "unit", "baseline", "ratio"]
        assert figure["unit"]
        assert (figure["baseline"] is None) == (figure["ratio"] is None)
        if figure["ratio"] is not None:
            assert figure["ratio"] == pytest.approx(figure["value"] / figure["baseline"], rel=0.01)
    assert len({figure["name"] for figure in figures}) == len(figures)
