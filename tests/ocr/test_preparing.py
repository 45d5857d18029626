"""Preparing pictures: each damage is found on a damaged page and on no other, and mended."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from documents.ocr.base import OcrError
from documents.ocr.preparing import STEPS, prepare
from documents.ocr.preparing_measures import ink_and_paper, letter_height
from documents.ocr.preparing_options import NAMES, NONE, Prepared, steps_of, together
from documents.ocr.preparing_shapes import tilt
from tests.samples import damage
from tests.samples.scans import scan_of

LINES = ["We thank you for the letter of last week and for", "the kind words about the harbour office here."] * 6
GOOD = np.asarray(scan_of(*LINES))
DAMAGES = {
    "invert": damage.inverted(GOOD),
    "border": damage.bordered(GOOD),
    "denoise": damage.specked(GOOD),
    "light": damage.shaded(GOOD),
    "contrast": damage.faded(GOOD),
    "reverse": damage.shone_through(GOOD, 0.55),
    "straighten": damage.tilted(GOOD),
    "scale": damage.shrunk(GOOD, 4.0, of=letter_height(GOOD)),
}


def written(path: Path, pixels: np.ndarray) -> Path:
    cv2.imwrite(str(path), pixels)
    return path


def test_the_steps_go_by_their_names():
    assert set(STEPS) == set(NAMES)


def test_nothing_is_wrong_with_a_good_page(tmp_path):
    page = written(tmp_path / "page.png", GOOD)
    assert [name for name in NAMES if STEPS[name].found(GOOD)] == []
    assert prepare(page, tmp_path) == Prepared(page)


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damage_is_found(name):
    assert STEPS[name].found(DAMAGES[name])


@pytest.mark.parametrize("name", [name for name in DAMAGES if STEPS[name].by_itself])
def test_a_damaged_page_is_mended_by_itself(name, tmp_path):
    prepared = prepare(written(tmp_path / "page.png", DAMAGES[name]), tmp_path)
    assert prepared.steps == (name,)
    mended = cv2.imread(str(prepared.path), cv2.IMREAD_GRAYSCALE)
    assert not STEPS[name].found(mended)


def test_a_page_is_left_alone_where_that_is_asked_for(tmp_path):
    page = written(tmp_path / "page.png", DAMAGES["invert"])
    assert prepare(page, tmp_path, NONE) == Prepared(page)


def test_steps_that_are_asked_for_are_done_in_their_order_whether_needed_or_not(tmp_path):
    prepared = prepare(written(tmp_path / "page.png", GOOD), tmp_path, "binarise,denoise")
    assert prepared.steps == ("denoise", "binarise")
    assert set(np.unique(cv2.imread(str(prepared.path), cv2.IMREAD_GRAYSCALE))) == {0, 255}


def test_a_white_page_has_no_damage(tmp_path):
    page = written(tmp_path / "page.png", np.full((900, 640), 255, np.uint8))
    assert prepare(page, tmp_path).steps == ()


@pytest.mark.parametrize("size", [(1, 1), (3, 5), (40, 2), (1, 2000)])
def test_a_tiny_picture_is_survived(size, tmp_path):
    page = written(tmp_path / "page.png", np.full(size, 128, np.uint8))
    for wanted in ("", *NAMES):
        prepare(page, tmp_path, wanted)


def test_what_is_no_picture_is_told(tmp_path):
    (tmp_path / "page.png").write_bytes(b"no picture")
    with pytest.raises(OcrError, match="could not be opened"):
        prepare(tmp_path / "page.png", tmp_path)


@pytest.mark.parametrize(
    ("wanted", "steps"), [("", ()), (NONE, ()), ("denoise", ("denoise",)), ("scale,invert", ("invert", "scale"))]
)
def test_steps_are_named_between_commas(wanted, steps):
    assert steps_of(wanted) == steps


def test_an_unknown_step_is_answered_with_those_there_are():
    with pytest.raises(OcrError, match=r"no preparation called 'polish'. Choose from: none, invert, "):
        steps_of("invert,polish")


def test_steps_are_put_into_order():
    assert together(["scale", "invert"]) == "invert,scale"


def dark_corner(pixels: np.ndarray) -> tuple[int, int, int, int]:
    """Return the box of the one dark rectangle in the picture."""
    rows, columns = np.nonzero(pixels < 128)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


@pytest.mark.parametrize("wanted", ["scale", "straighten", "straighten,scale"])
def test_boxes_come_back_to_the_page(wanted, tmp_path):
    prepared = prepare(written(tmp_path / "page.png", damage.tilted(GOOD, 3.0)), tmp_path, wanted)
    mark = np.full(damage.tilted(GOOD, 3.0).shape, 255, np.uint8)
    mark[500:520, 300:420] = 0
    here = damaged_like(mark, prepared)
    assert np.allclose(prepared.on_page(dark_corner(here)), (300, 500, 420, 520), atol=12)  # it grows when it is turned


def damaged_like(mark: np.ndarray, prepared: Prepared) -> np.ndarray:
    """Return `mark` moved as the prepared picture was."""
    rows, columns = cv2.imread(str(prepared.path), cv2.IMREAD_GRAYSCALE).shape
    way = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(mark, np.array(prepared.matrix), (columns, rows), flags=way, borderValue=255)


def test_a_tilt_is_measured_to_a_fifth_of_a_degree():
    assert [round(tilt(damage.tilted(GOOD, degrees)), 1) for degrees in (-4.0, 3.0)] == pytest.approx(
        [-4.4, 2.6], abs=0.2
    )


def test_full_contrast_is_black_on_white():
    ink, paper = ink_and_paper(STEPS["contrast"].mend(DAMAGES["contrast"])[0])
    assert (ink < 20, paper > 235) == (True, True)
