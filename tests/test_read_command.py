"""`manage.py read`: the pipeline without browser, queue and database. Pages are drawn for real, engines are played."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from documents.correction.base import Change, Correction, ModelUnavailable
from documents.ocr.base import EngineUnavailable
from documents.pipeline import correcting, engines
from tests.samples import make
from tests.scenes import FakeEngine, make_reading


class Run:
    """What one call of the command printed and how it ended."""

    def __init__(self, *arguments: object) -> None:
        out, complaints = StringIO(), StringIO()
        self.code = 0
        try:
            call_command("read", *map(str, arguments), stdout=out, stderr=complaints)
        except SystemExit as exit:
            self.code = exit.code
        self.out, self.complaints = out.getvalue(), complaints.getvalue()


@pytest.fixture
def engine(monkeypatch) -> FakeEngine:
    """The only engine there is; it reads "the qnick fox" on every page."""
    engine = FakeEngine(make_reading("the qnick fox"))
    monkeypatch.setattr(engines, "reading_order", lambda preferred: [preferred or "fake"])
    monkeypatch.setattr(engines, "ocr_engine", lambda name: engine)
    return engine


@pytest.fixture(autouse=True)
def model(monkeypatch):
    """A model that always finds the same mistake."""
    change = Change(0, 4, 9, "qnick", "quick", 9.0, "word", True)
    found = Correction(("the quick fox",), (change,), "fake-model", 1, 0.1)
    monkeypatch.setattr(correcting, "correct_text", lambda lines, language, model: found)


@pytest.fixture
def scan(tmp_path) -> Path:
    path = tmp_path / "scan.png"
    path.write_bytes(make.png())
    return path


def test_it_prints_the_raw_and_the_corrected_text(engine, scan):
    run = Run(scan)
    assert run.out.splitlines() == [
        f"=== {scan}, page 1: raw text", "the qnick fox", f"=== {scan}, page 1: corrected text", "the quick fox",
    ]  # fmt: skip
    assert (run.code, run.complaints) == (0, "")


def test_it_prints_the_raw_text_alone_when_nothing_is_to_be_corrected(engine, scan):
    assert Run(scan, "--no-correct").out.splitlines() == [f"=== {scan}, page 1: raw text", "the qnick fox"]


def test_it_leaves_the_model_alone_where_correction_is_off(engine, scan, settings):
    settings.CORRECTION = False
    assert "corrected" not in Run(scan).out


def test_it_prints_json_with_boxes_and_changes(engine, scan):
    answer = json.loads(Run(scan, "--json", "--language", "en").out)
    (page,) = answer["pages"]
    assert answer["file"] == str(scan)
    assert (page["page"], page["language"], page["notes"]) == (1, "en", [])
    assert (page["raw"], page["text"]) == ("the qnick fox", "the quick fox")
    assert (page["engine"], page["model"]) == ("fake 1.0", "fake-model")
    assert page["lines"][0]["box"] == [0, 0, 130, 20]
    assert page["changes"][0]["after"] == "quick"


def test_it_reads_every_page_of_a_pdf(engine, tmp_path):
    path = tmp_path / "two.pdf"
    path.write_bytes(make.pdf(2))
    answer = json.loads(Run(path, "--json", "--picture").out)
    assert [page["page"] for page in answer["pages"]] == [1, 2]
    assert engine.asked == 2


def test_it_writes_a_file_for_every_input_and_overwrites_none(engine, scan, tmp_path):
    other = tmp_path / "other" / "scan.png"
    other.parent.mkdir()
    other.write_bytes(make.png())
    output = tmp_path / "texts"
    run = Run(scan, other, "--output", output)
    assert {path.name: path.read_text() for path in output.iterdir()} == {
        "scan.txt": "the quick fox\n", "scan-2.txt": "the quick fox\n",
    }  # fmt: skip
    assert run.out == ""


def test_it_writes_json_files(engine, scan, tmp_path):
    Run(scan, "--json", "--output", tmp_path / "texts")
    answer = json.loads((tmp_path / "texts" / "scan.json").read_text())
    assert answer["pages"][0]["text"] == "the quick fox"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "cannot be opened"), (b"", "empty"), (make.html(), "not a PDF"), (make.encrypted_pdf(), "password")],
    ids=["missing", "empty", "html", "encrypted"],
)
def test_it_names_a_file_that_cannot_be_read_and_goes_on(engine, scan, tmp_path, content, sentence):
    bad = tmp_path / "bad.pdf"
    if content is not None:
        bad.write_bytes(content)
    run = Run(bad, scan)
    assert run.code == 1
    assert run.complaints.startswith(f"{bad}: ")
    assert sentence in run.complaints
    assert "the quick fox" in run.out


def test_it_names_a_page_that_no_engine_could_read(engine, scan):
    engine.outcomes = [EngineUnavailable("The engine has no licence.")]
    run = Run(scan)
    assert run.code == 1
    assert run.complaints == f"{scan}, page 1: The engine has no licence.\n"


def test_it_gives_the_raw_text_when_there_is_no_model(engine, scan, monkeypatch):
    def no_model(lines, language, model):
        raise ModelUnavailable("The model file is missing.")

    monkeypatch.setattr(correcting, "correct_text", no_model)
    run = Run(scan)
    assert run.code == 0
    assert "Not corrected: The model file is missing." in run.complaints
    assert "the qnick fox" in run.out


def test_it_asks_the_engine_that_was_named_first(engine, scan, monkeypatch):
    asked = []
    monkeypatch.setattr(engines, "ocr_engine", lambda name: asked.append(name) or engine)
    Run(scan, "--engine", "aspose")
    assert asked == ["aspose"]


def test_it_refuses_a_language_that_it_does_not_know(scan):
    with pytest.raises(CommandError, match="--language xx is not known; use one of ca, "):
        call_command("read", str(scan), "--language", "xx")


@pytest.fixture
def own_engine(settings):
    """Let the command start an engine that goes away with the test."""
    settings.OCR_THREADS = 1
    engines.ocr_engine.cache_clear()
    yield
    engines.ocr_engine("rapidocr").close()
    engines.ocr_engine.cache_clear()


def test_it_reads_a_picture_with_the_engine_that_ships(own_engine, scan):
    run = Run(scan, "--engine", "rapidocr", "--no-correct")
    assert "Hello archive" in run.out


def test_it_takes_the_text_of_a_pdf_that_was_born_digital(engine, tmp_path):
    path = tmp_path / "born.pdf"
    path.write_bytes(make.pdf(1))
    page = json.loads(Run(path, "--json").out)["pages"][0]
    assert (page["raw"], page["engine"].split()[0], engine.asked) == ("Page 1", "pdf-text", 0)
