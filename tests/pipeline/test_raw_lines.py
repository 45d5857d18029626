"""The stored lines of a reading as the corrector gets them."""

from __future__ import annotations

from documents.correction.base import Other, RawWord
from documents.pipeline.raw_lines import raw_line


def test_other_readings_come_with_their_places_and_probabilities():
    read = {"text": "tempo", "engine": "tesseract", "confidence": 0.12, "words": 2}
    words = [{"text": "tem", "confidence": 0.6, "alternatives": [read]}, {"text": "po", "confidence": 0.9}]
    line = raw_line({"text": "tem po", "confidence": 0.7, "words": words})
    assert line.words == (RawWord(0, 3, 0.6), RawWord(4, 6, 0.9))
    assert line.others == (Other(0, 6, "tempo", "tesseract", 0.12),)
