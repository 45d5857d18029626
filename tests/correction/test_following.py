from __future__ import annotations

import pytest

from documents.correction.following import place_after

SOURCE = b"and razzia in the Leopoldstadt.All of the Jews there are living"


@pytest.mark.parametrize(
    ("written", "goes_on"),
    [
        (b"and razzia in the Leopoldstadt. A", b"ll of"),
        (b"and razzia in the Leopoldstadt. All", b" of the"),
        (b"and razzia in the Leopoldstadt.All of the Jews there a living", b""),
        (b"and razzia in the old Leopold", b"stadt.All"),
    ],
)
def test_it_finds_its_place_again_though_signs_were_put_in_or_left_out(written: bytes, goes_on: bytes):
    expected = len(written)  # as if nothing had been moved
    at = place_after(SOURCE, written, expected, departed=1)
    assert SOURCE[at:].startswith(goes_on) and (goes_on or at == len(SOURCE))


def test_it_never_starts_within_a_character():
    source = "maïs".encode()
    assert place_after(source, "maï".encode()[:3], 3, departed=1) != 3
