"""What a stored line says about its block, and how that goes through the layers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from documents.models import Page
from documents.ocr.base import TABLE, line_from_json
from documents.pipeline import reviewing
from documents.pipeline.reviewing import WrittenLine
from documents.pipeline.texts import add_text, kept_place, stored_line
from tests.scenes import make_document, make_line

ROW = replace(make_line("Green tea 3.20", top=60), block=1, kind=TABLE, cells=((0, 0), (2, 2)))


def test_a_line_of_the_first_block_of_running_text_says_nothing():
    assert not {"block", "kind", "cells"} & stored_line(make_line("words")).keys()


def test_a_stored_row_of_a_table_comes_back_as_it_was():
    stored = stored_line(ROW)
    assert (stored["block"], stored["kind"], stored["cells"]) == (1, "table", [[0, 0], [2, 2]])
    assert line_from_json(stored) == ROW


def test_a_row_that_is_worded_anew_keeps_its_cells():
    kept = kept_place(stored_line(ROW), "Fine Green tea 3.20")
    assert kept == {"block": 1, "kind": "table", "cells": [[0, 0], [3, 2]]}
    assert kept_place(stored_line(ROW), "") == {"block": 1, "kind": "table"}


@pytest.fixture
def page(db, alice) -> Page:
    page = make_document(alice).pages.get()
    add_text(page, "ocr", [stored_line(make_line("Tea")), stored_line(ROW)], made_by="fake")
    return page


def test_blocks_stay_when_a_person_edits(page, alice):
    written = [WrittenLine("Tea", 0), WrittenLine("Green tea  3.25", 1), WrittenLine("put below", None)]
    lines = reviewing.save_text(page, written, based_on=page.current_id, author=alice).lines
    assert [(line.get("block", 0), line.get("kind"), line.get("cells")) for line in lines] == [
        (0, None, None), (1, "table", [[0, 0], [2, 2]]), (1, "table", None),
    ]  # fmt: skip
