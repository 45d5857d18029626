"""Readers: what is read of a drawn page, and what is told about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from documents.pipeline import engines, readers
from documents.pipeline.options import ReadingOptions
from documents.pipeline.pictures import Picture
from documents.pipeline.readers import read_drawing
from documents.pipeline.rendering import Drawing, RenderingFailed
from tests.samples import damage
from tests.samples.scans import scan_of
from tests.scenes import FakeEngine, make_reading


def test_a_pdfs_own_text_does_not_hide_that_the_page_is_damaged():
    picture = Picture(Path("page.bmp"), 600, 400, 300, ("Parts may be missing.",))
    drawing = Drawing(picture, Path("a"), Path("b"), text=make_reading("its own text"))
    reading = read_drawing(drawing, ReadingOptions())
    assert (reading.text, reading.warnings) == ("its own text", ("Parts may be missing.",))


@pytest.fixture
def engine(monkeypatch) -> FakeEngine:
    """The only engine there is."""
    engine = FakeEngine(make_reading("the quick fox"))
    monkeypatch.setattr(engines, "reading_order", lambda preferred: [preferred or "fake"])
    monkeypatch.setattr(engines, "ocr_engine", lambda name: engine)
    return engine


@pytest.fixture
def negative(tmp_path) -> Drawing:
    """A page in white on black."""
    page = damage.inverted(np.asarray(scan_of(*["We thank you for the letter of last week"] * 6)))
    Image.fromarray(page).save(tmp_path / "page.bmp")
    picture = Picture(tmp_path / "page.bmp", page.shape[1], page.shape[0], 300)
    return Drawing(picture, tmp_path / "display.jpg", tmp_path / "small.jpg")


@pytest.mark.parametrize(
    ("options", "steps"),
    [
        ({}, ("invert",)),
        ({"preparation": "none"}, ()),
        ({"preparation": "denoise,scale"}, ("denoise", "scale")),
        ({"handwritten": True}, ()),
        ({"handwritten": True, "preparation": "invert"}, ("invert",)),
    ],
)
def test_a_page_is_prepared_as_it_needs_or_as_it_is_wished(engine, negative, options, steps):
    assert read_drawing(negative, ReadingOptions(**options)).preparation == steps


def test_boxes_of_a_scaled_picture_lie_on_the_page(engine, negative):
    as_it_is, scaled = (
        read_drawing(negative, ReadingOptions(preparation=wanted)).lines[0].box for wanted in ("none", "invert,scale")
    )
    factor = as_it_is[2] / scaled[2]
    assert factor > 1.1
    assert scaled[3] == round(as_it_is[3] / factor)


def test_a_page_that_cannot_be_prepared_is_read_as_it_is(engine, negative, monkeypatch):
    def fails(*args):
        raise RenderingFailed("This page could not be prepared.")

    monkeypatch.setattr(readers, "prepare_picture", fails)
    reading = read_drawing(negative, ReadingOptions())
    assert (reading.text, reading.preparation) == ("the quick fox", ())
    assert reading.warnings == ("This page could not be prepared.",)


class WishedEngine(FakeEngine):
    """An engine that remembers what it was wished."""

    wished: dict[str, Any] | None = None

    def wishing(self, wishes: dict[str, Any]) -> WishedEngine:
        self.wished = wishes
        return self


@pytest.mark.parametrize(
    ("engine_name", "wished"),
    [("aspose", {"area_mode": "table", "filters": ["median", "threshold:128"]}), ("rapidocr", None)],
)
def test_aspose_alone_is_told_its_options(negative, monkeypatch, engine_name, wished):
    engine = WishedEngine(make_reading("the quick fox"))
    monkeypatch.setattr(engines, "reading_order", lambda preferred: [preferred])
    monkeypatch.setattr(engines, "ocr_engine", lambda name: engine)
    options = ReadingOptions(engine_name, aspose_area_mode="table", aspose_filters="median,threshold:128")
    read_drawing(negative, options)
    assert engine.wished == wished
