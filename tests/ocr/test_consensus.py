from __future__ import annotations

import pytest

from documents.ocr.base import Alternative, Line, Reading, Word
from documents.ocr.consensus import calibrated, consensus

LEXICON = {"prague", "the", "house", "důrazně", "durazne", "tax", "invoice", "old"}
BOX = (0, 0, 400, 40)


def knows(word: str) -> bool:
    return word.casefold().strip(".,") in LEXICON


def line(*words: tuple[str, float]) -> Line:
    pieces = tuple(Word(text, (40 * n, 0, 40 * n + 40, 40), sure) for n, (text, sure) in enumerate(words))
    return Line(" ".join(text for text, _ in words), BOX, 0.9, pieces)


def merged(ours: Line, theirs: Line) -> Line:
    first = Reading((ours,), "rapidocr", "3", 1.0)
    second = Reading((theirs,), "tesseract", "5", 0.5)
    return consensus(first, second, [knows]).lines[0]


@pytest.mark.parametrize(
    ("ours", "theirs", "kept"),
    [
        (("hovse", 0.9), ("house", 0.95), "house"),  # a word beats what is none
        (("the", 0.99), ("tne", 0.96), "the"),
        (("Hahns", 0.9), ("Habns", 0.96), "Hahns"),  # neither is a word: the first engine is right more often
        (("durazne", 0.92), ("důrazně", 0.96), "důrazně"),  # accents come back
        (("TAXINVOICE", 0.97), ("TAX INVOICE", 0.96), "TAX INVOICE"),
        (("6%", 0.7), ("old", 0.96), "6%"),  # digits never become letters
        (("12.50", 0.9), ("72.50", 0.5), "12.50"),
        (("l944", 0.97), ("1944", 0.92), "1944"),  # letters that look like digits
        (("1944", 0.97), ("l944", 0.96), "1944"),
        (("1nvoice", 0.99), ("lnvoice", 0.96), "1nvoice"),
        (("0ld", 0.99), ("Old", 0.9), "Old"),
        (("eldredele", 0.95), ("ældredele", 0.92), "ældredele"),  # in no lexicon, but with letters that get lost
        (("lax.", 0.985), ("tax.", 0.8), "lax."),  # short words are words by chance
    ],
)
def test_the_better_word_is_kept(ours, theirs, kept):
    assert merged(line(ours), line(*((text, theirs[1]) for text in theirs[0].split()))).text == kept


def test_what_was_not_kept_stays_as_an_alternative():
    word = merged(line(("the", 0.99), ("hovse", 0.9)), line(("the", 0.96), ("house", 0.95))).words[1]
    (other,) = word.alternatives
    assert (other.text, other.engine, other.words) == ("hovse", "rapidocr", 1)
    assert other.confidence < word.confidence


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
        consensus(first, Reading((), "tesseract", "5", 1.0), [knows])


def test_it_tells_who_read_it_and_keeps_all_warnings():
    first = Reading((line(("the", 0.9)),), "rapidocr", "3", 1.0, ("One.",))
    second = Reading((line(("the", 0.9)),), "tesseract", "5", 0.5, ("Two.",))
    both = consensus(first, second, [knows])
    assert (both.engine, both.version, both.seconds) == ("rapidocr+tesseract", "3+5", 1.5)
    assert both.warnings == ("One.", "Two.")


def test_one_engine_alone_is_calibrated():
    reading = calibrated(Reading((line(("hovse", 0.9)),), "rapidocr", "3", 1.0), [knows])
    assert reading.lines[0].words[0].confidence < 0.3
    assert reading.lines[0].confidence == reading.lines[0].words[0].confidence


def test_its_reading_survives_the_pipe_and_older_ones_still_load():
    word = Word("house", BOX, 0.9, (Alternative("hovse", "rapidocr", 0.1),))
    reading = Reading((Line("house", BOX, 0.9, (word,)),), "a", "1", 1.0)
    assert Reading.from_json(reading.to_json()) == reading
    stored = {"text": "old", "box": list(BOX), "confidence": 0.5}
    old = {"lines": [stored | {"words": [stored]}], "engine": "a", "version": "1", "seconds": 1, "warnings": []}
    assert Reading.from_json(old).lines[0].words[0].alternatives == ()
