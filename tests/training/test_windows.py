from __future__ import annotations

import pytest

from documents.correction.byte_window import END, SEPARATOR
from documents.correction.prompts import ByteWindowStyle
from training.windows import RAW, TRUTH, Window, agreed, encoded, pieces, positions

LINE = "Vážený pane řediteli, děkujeme Vám za laskavý dopis ze dne 12. května, který jsme obdrželi včera"


def test_it_builds_the_window_that_the_product_asks_with():
    style = ByteWindowStyle(63)
    ids, mask = encoded(Window("Tota1", "Total"), 63)
    prompt = style.prompt("Tota1")
    assert len(ids) == positions(63) == 132
    assert ids[: len(prompt)].tolist() == prompt
    assert ids[len(prompt) :][:6].tolist() == [*b"Total", END]
    assert [ids[i] for i in range(132) if mask[i] == RAW] == [*b"Tota1"]
    assert [ids[i] for i in range(132) if mask[i] == TRUTH] == [*b"Total", END]
    assert ids[64] == SEPARATOR


@pytest.mark.parametrize("size", [63, 95])
def test_it_cuts_a_line_where_the_product_cuts_it(size):
    theirs = [segment.text for segment in ByteWindowStyle(size).segments([LINE])]
    assert [window.raw for window in pieces(LINE, LINE, size)] == theirs


def test_it_cuts_the_truth_where_it_cuts_the_reading():
    raw = LINE.replace("laskavý", "1askavy").replace("května", "kvetna")
    found = list(pieces(raw, LINE, 63))
    assert " ".join(window.raw for window in found) == raw
    assert " ".join(window.truth for window in found) == LINE


def test_it_leaves_out_what_cannot_be_cut():
    assert list(pieces("x" * 80, "x" * 80, 63)) == []


@pytest.mark.parametrize("raw", ["Total 81.76", "Total 81.7", "Total 81.770"])
def test_the_answer_never_guesses_a_digit(raw):
    assert agreed(raw, "Totals 81.70") == raw.replace("Total", "Totals")


def test_the_answer_keeps_the_marks_as_they_were_read():
    assert agreed("“lt is” - he sald", '"It is" — he said') == "“It is” - he said"


def test_a_letter_taken_for_a_digit_is_still_put_right():
    assert agreed("Inv0ice 1,23O.00", "Invoice 1,230.00") == "Invoice 1,230.00"
