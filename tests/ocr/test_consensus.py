from __future__ import annotations

import pytest

from documents.ocr.base import Alternative, Line, Reading, Word
from documents.ocr.consensus import calibrated, consensus

LEXICON = {"prague", "the", "house", "důrazně", "durazne", "tax", "invoice", "old"}
BOX = (0, 0, 400, 40)


class Few:
    """A language of a few words, all of them common."""

    def knows(self, word: str) -> bool:
        return word.casefold().strip(".,") in LEXICON

    def zipf(self, word: str) -> float:
        return 4.5 if self.knows(word) else 0.0


FEW = Few()


def line(*words: tuple[str, float], others: tuple[Alternative, ...] = ()) -> Line:
    pieces = tuple(Word(text, (40 * n, 0, 40 * n + 40, 40), sure, others) for n, (text, sure) in enumerate(words))
    return Line(" ".join(text for text, _ in words), BOX, 0.9, pieces)


def merged(ours: Line, theirs: Line) -> Line:
    first = Reading((ours,), "rapidocr", "3", 1.0)
    second = Reading((theirs,), "tesseract", "5", 0.5)
    return consensus(first, second, [FEW]).lines[0]


def seen(text: str, chance: float) -> Alternative:
    """Another reading that the first engine's network holds possible; `chance` is against its first reading."""
    return Alternative(text, "rapidocr", chance)


@pytest.mark.parametrize(
    ("ours", "others", "theirs", "kept"),
    [
        (("hovse", 0.9), [seen("house", 0.3)], ("house", 0.95), "house"),  # a word beats what is none
        (("hovse", 0.9), [seen("house", 0.4)], ("hou5e", 0.3), "house"),  # though nobody read it first
        (("the", 0.99), [seen("tne", 0.01)], ("tne", 0.96), "the"),
        (("durazne", 0.92), [seen("důrazně", 0.2)], ("důrazně", 0.96), "důrazně"),  # accents come back
        (("6%", 0.7), [seen("old", 0.4)], ("old", 0.96), "6%"),  # digits never become letters
        (("12.50", 0.9), [seen("72.50", 0.1)], ("72.50", 0.5), "12.50"),
        (("l944", 0.9), [seen("1944", 0.4)], ("1944", 0.92), "1944"),  # letters that look like digits
    ],
)
def test_the_best_reading_is_kept(ours, others, theirs, kept):
    assert merged(line(ours, others=tuple(others)), line(theirs)).text == kept


def test_what_was_not_kept_stays_as_an_alternative():
    others = (seen("hoves", 0.1), seen("house", 0.4))
    word = merged(line(("hovse", 0.9), others=others), line(("house", 0.95))).words[0]
    assert word.text == "house"
    assert ("hovse", 1) in [(other.text, other.words) for other in word.alternatives]
    assert all(other.confidence < word.confidence for other in word.alternatives)


def test_an_alternative_says_for_how_many_words_it_stands():
    word = merged(line(("TAXINVOICE", 0.9)), line(("TAX", 0.96), ("INVOICE", 0.96))).words[0]
    assert [(other.text, other.words) for other in word.alternatives] == [("TAXINVOICE", 2)]


def test_two_engines_that_agree_are_worth_more_than_one():
    alone = merged(line(("house", 0.9)), line())
    both = merged(line(("house", 0.9)), line(("house", 0.96)))
    assert both.words[0].confidence > alone.words[0].confidence
    assert both.words[0].alternatives == ()


@pytest.mark.parametrize("theirs", [line(), line(*[("rubbish", 0.96)] * 20)])
def test_a_second_reading_of_no_use_leaves_the_first(theirs):
    assert merged(line(("the", 0.99), ("house", 0.99)), theirs).text == "the house"


def test_a_box_beside_the_line_is_replaced_by_the_lines():
    lost = Line("house", BOX, 0.9, (Word("house", (900, 900, 950, 950), 0.96),))
    assert merged(line(("hovse", 0.9)), lost).words[0].box == BOX


def test_readings_with_different_numbers_of_lines_are_refused():
    first = Reading((line(("the", 0.9)),), "rapidocr", "3", 1.0)
    with pytest.raises(ValueError, match="zip"):
        consensus(first, Reading((), "tesseract", "5", 1.0), [FEW])


def test_it_tells_who_read_it_and_keeps_all_warnings():
    first = Reading((line(("the", 0.9)),), "rapidocr", "3", 1.0, ("One.",))
    second = Reading((line(("the", 0.9)),), "tesseract", "5", 0.5, ("Two.",))
    both = consensus(first, second, [FEW])
    assert (both.engine, both.version, both.seconds) == ("rapidocr+tesseract", "3+5", 1.5)
    assert both.warnings == ("One.", "Two.")


def test_one_engine_alone_is_calibrated():
    reading = calibrated(Reading((line(("hovse", 0.9)),), "rapidocr", "3", 1.0), [FEW])
    assert reading.lines[0].words[0].confidence < 0.3
    assert reading.lines[0].confidence == reading.lines[0].words[0].confidence


def test_its_reading_survives_the_pipe_and_older_ones_still_load():
    word = Word("house", BOX, 0.9, (Alternative("hovse", "rapidocr", 0.1),))
    reading = Reading((Line("house", BOX, 0.9, (word,)),), "a", "1", 1.0)
    assert Reading.from_json(reading.to_json()) == reading
    stored = {"text": "old", "box": list(BOX), "confidence": 0.5}
    old = {"lines": [stored | {"words": [stored]}], "engine": "a", "version": "1", "seconds": 1, "warnings": []}
    assert Reading.from_json(old).lines[0].words[0].alternatives == ()
