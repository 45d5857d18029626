from __future__ import annotations

from documents.ocr.hocr import hocr_lines, is_hocr


def page(lines: str) -> str:
    return f"<html><body><div class='ocr_page' title='bbox 0 0 900 300'>{lines}</div></body></html>"


def test_words_have_their_own_boxes_and_confidences():
    words = (
        "<span class='ocrx_word' title='bbox 10 10 60 30; x_wconf 90'>Dear</span> "
        "<span class='ocrx_word' title='bbox 70 10 120 30; x_wconf 40'><strong>Sir</strong><br></span>"
    )
    line = hocr_lines(page(f"<span class='ocr_line' title='bbox 10 10 120 30'>{words}</span>"), 900, 300)[0]
    assert (line.text, line.box) == ("Dear Sir", (10, 10, 120, 30))
    assert [(word.box, word.confidence) for word in line.words] == [((10, 10, 60, 30), 0.9), ((70, 10, 120, 30), 0.4)]
    assert round(line.confidence, 3) == round((4 * 0.9 + 3 * 0.4) / 7, 3)


def test_a_line_without_words_is_cut_into_them():
    found = hocr_lines(page("<span class='ocr_line' title='bbox 0 0 70 20'>two more</span>"), 900, 300)
    assert [(line.text, line.confidence) for line in found] == [("two more", 0.0)]
    assert [word.text for word in found[0].words] == ["two", "more"]


def test_places_are_kept_inside_the_picture_and_a_missing_one_is_the_whole():
    found = hocr_lines(page("<b class='ocr_line' title='bbox -4 0 999 20'>a</b><b class='ocr_line'>b</b>"), 900, 300)
    assert [line.box for line in found] == [(0, 0, 900, 20), (0, 0, 900, 300)]


def test_lines_without_text_go():
    assert hocr_lines(page("<span class='ocr_line' title='bbox 0 0 9 9'> </span>"), 900, 300) == []


def test_cut_off_or_senseless_hocr_gives_what_there_is():
    assert hocr_lines("<span class='ocr_line' title='bbox 0 0 9", 900, 300) == []
    assert hocr_lines(page("</span></p><span class='ocr_line' title='bbox x'>a</span>"), 900, 300)[0].text == "a"


def test_plain_text_is_no_hocr():
    assert not is_hocr("x < y and ocr")
    assert is_hocr(page("<span class='ocr_line'>a</span>"))
