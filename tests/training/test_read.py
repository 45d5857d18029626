from __future__ import annotations

import cv2

from tests.ocr.pictures import draw_text
from training.read import LineReaders


def test_both_engines_and_their_consensus_read_a_line(tmp_path):
    page = cv2.imread(str(draw_text(tmp_path / "line.png", [(30, 30, "Thirty days of receipt")])), cv2.IMREAD_GRAYSCALE)
    (found,) = LineReaders().read([page[15:95, :800]], "en")
    assert found == dict.fromkeys(("rapidocr", "tesseract", "both"), "Thirty days of receipt")
