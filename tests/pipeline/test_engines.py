"""Engines: one model at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from documents.correction.models import ModelChoice
from documents.pipeline import engines


@pytest.fixture
def closed(monkeypatch) -> list[str]:
    """Return the names of the correctors that were ended; none of them starts a child."""
    names: list[str] = []

    class Fake:
        def __init__(self, name: str) -> None:
            self.name = name

        def close(self) -> None:
            names.append(self.name)

    monkeypatch.setattr(engines, "_correctors", {})
    monkeypatch.setattr(engines, "_new_corrector", lambda choice: Fake(choice.name))
    return names


def test_a_model_is_kept_until_another_one_is_chosen(closed):
    small, big = ModelChoice(Path("small.gguf"), "small"), ModelChoice(Path("big.gguf"), "big")
    assert engines.corrector(small) is engines.corrector(small)
    assert closed == []
    engines.corrector(big)
    assert closed == ["small"]
