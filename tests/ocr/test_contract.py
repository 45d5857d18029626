"""What every engine promises, whatever is behind it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from documents.ocr.base import Box, EngineUnavailable, OcrError, Reading
from documents.ocr.engines import ENGINES
from documents.ocr.health import engine_problem
from documents.ocr.hosted import HostedEngine

from .aspose_cloud_server import CLIENT_ID, CLIENT_SECRET, cloud_server
from .pictures import draw_text

TEXTS = ["Invoice number 4711", "Total amount 128.50", "Thank you"]
SIZE = (900, 300)


def hocr(texts: list[str]) -> str:
    lines = [
        f"<span class='ocr_line' title='bbox 30 {30 + 80 * n} 400 {70 + 80 * n}'><span class='ocrx_word' "
        f"title='bbox 30 {30 + 80 * n} 400 {70 + 80 * n}; x_wconf 90'>{text}</span></span>"
        for n, text in enumerate(texts)
    ]
    return f"<div class='ocr_page'>{''.join(lines)}</div>"


@pytest.fixture(scope="module", params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest) -> Iterator[HostedEngine]:
    """Each engine in its own process; Aspose.OCR Cloud asks a stand-in that knows the picture."""
    with cloud_server() as server:
        server.results = [("Hocr", hocr(TEXTS))]
        cloud = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "base_url": server.url, "pause": 0.01}
        options = cloud if request.param == "aspose-cloud" else {}
        if problem := engine_problem(request.param, options):
            pytest.skip(problem)
        engine = HostedEngine(request.param, options)
        yield engine
        engine.close()


@pytest.fixture(scope="module")
def reading(engine: HostedEngine, tmp_path_factory: pytest.TempPathFactory) -> Reading:
    picture = tmp_path_factory.mktemp(engine.name) / "page.png"
    draw_text(picture, [(30, 30 + 80 * n, text) for n, text in enumerate(TEXTS)], SIZE)
    try:
        return engine.read(picture, language="en", handwritten=False)
    except EngineUnavailable as exc:
        pytest.skip(str(exc))


def is_inside(inner: Box, outer: Box) -> bool:
    """Whether it is, give or take two pixels of rounding."""
    left, top, right, bottom = (here - there for here, there in zip(inner, outer, strict=True))
    return min(left, top) >= -2 and max(right, bottom) <= 2


def test_it_reads_what_is_printed_from_top_to_bottom(reading):
    assert [line.text for line in reading.lines] == TEXTS


def test_it_says_who_read_it_and_how_long_that_took(engine, reading):
    assert reading.engine == engine.name
    assert reading.version
    assert reading.seconds > 0


def test_its_words_lie_in_their_lines_and_these_in_the_picture(reading):
    for line in reading.lines:
        assert is_inside(line.box, (0, 0, *SIZE))
        left, top, right, bottom = line.box
        assert (left < right, top < bottom) == (True, True)
        assert all(is_inside(word.box, line.box) for word in line.words)


def test_its_words_are_those_of_the_line(reading):
    assert [[word.text for word in line.words] for line in reading.lines] == [text.split() for text in TEXTS]


def test_its_confidences_go_from_nothing_to_one(reading):
    pieces = [piece for line in reading.lines for piece in (line, *line.words)]
    assert all(0 <= piece.confidence <= 1 for piece in pieces)


def test_its_reading_survives_the_way_through_json(reading):
    assert Reading.from_json(json.loads(json.dumps(reading.to_json()))) == reading


def test_a_file_that_is_no_picture_is_an_error_in_a_sentence(engine, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    with pytest.raises(OcrError) as caught:
        engine.read(broken, language="en", handwritten=False)
    assert str(caught.value).endswith(".")
    assert "Traceback" not in str(caught.value)


def test_a_missing_file_is_an_error_too(engine, tmp_path: Path):
    with pytest.raises(OcrError):
        engine.read(tmp_path / "missing.png", language="en", handwritten=False)
