from __future__ import annotations

import cv2
import numpy as np
import pytest

from documents.ocr.rapid import RECOGNITION
from documents.ocr.recognition import HEIGHT, LEAST_WIDTH, Recogniser, cut_out, is_upright, network_input, part_of

from .pictures import draw_text

LEVEL = np.array([[10, 10], [110, 10], [110, 30], [10, 30]], np.float32)
UPRIGHT = np.array([[10, 10], [30, 10], [30, 110], [10, 110]], np.float32)


def test_a_line_is_cut_out_in_its_own_size():
    assert cut_out(np.zeros((50, 200, 3), np.uint8), LEVEL).shape == (20, 100, 3)


def test_a_line_from_top_to_bottom_is_laid_on_its_side():
    assert is_upright(UPRIGHT) and not is_upright(LEVEL)
    assert cut_out(np.zeros((200, 50, 3), np.uint8), UPRIGHT).shape == (20, 100, 3)


def test_the_network_sees_short_lines_with_their_rest_filled_up():
    scaled, share = network_input(np.full((20, 40, 3), 255, np.uint8))
    assert scaled.shape == (1, 3, HEIGHT, LEAST_WIDTH)
    assert share == pytest.approx(96 / LEAST_WIDTH)
    assert scaled[0, 0, 0, 0] == 1 and scaled[0, 0, 0, -1] == 0


@pytest.mark.parametrize(("quad", "middle"), [(LEVEL, (60, 20)), (UPRIGHT, (20, 60))])
def test_a_part_of_a_line_lies_along_it(quad, middle):
    part = part_of(quad, 0.4, 0.6)
    assert part.mean(axis=0) == pytest.approx(middle)


def test_it_reads_a_line_and_tells_where_its_words_are(tmp_path):
    picture = cv2.imread(str(draw_text(tmp_path / "page.png", [(30, 30, "Total amount")])))
    ink = np.flatnonzero((picture.min(axis=2) < 128).any(axis=0))
    left, right = ink[0] - 5, ink[-1] + 5
    line = Recogniser(RECOGNITION).read(
        picture, np.array([[left, 20], [right, 20], [right, 90], [left, 90]], np.float32)
    )
    assert line.text == "Total amount" and line.confidence > 0.9
    (_, total), (_, amount) = line.words
    assert total[:, 0].min() == pytest.approx(ink[0], abs=8)
    assert amount[:, 0].max() == pytest.approx(ink[-1], abs=8)
    assert ink[0] < total[:, 0].max() < amount[:, 0].min() < ink[-1]


def test_an_empty_quad_has_no_words():
    nothing = np.array([[5, 5], [5, 5], [5, 5], [5, 5]], np.float32)
    assert Recogniser(RECOGNITION).read(np.zeros((50, 50, 3), np.uint8), nothing).words == ()
