"""The collection of pairs, shard by shard."""

from __future__ import annotations

from pathlib import Path

import pytest

from documents.ocr.base import OcrError

pytest.importorskip("zstandard", reason="collecting pairs needs requirements-training.txt")

from training import pairs


def a_shard(number: int) -> Path:
    """Stands in for reading 400 lines; an engine fails at the second shard."""
    if number == 1:
        raise OcrError("It did not finish within 60 seconds.")
    path = pairs.shard_path(number)
    path.touch()
    return path


def test_a_shard_at_which_an_engine_fails_is_left_for_the_next_run(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(pairs, "SHARDS", tmp_path / "pairs")
    monkeypatch.setattr(pairs, "make_shard", a_shard)
    assert pairs.make_shards(3, workers=1) == 2
    assert "Shard 1 was left out" in capsys.readouterr().out
    assert [pairs.shard_path(number).exists() for number in range(3)] == [True, False, True]
