"""Reading: what the engines say is kept, and whatever goes wrong has a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from documents import states
from documents.models import Attempt, Layer, Page, PageStatus
from documents.ocr.base import EngineCrashed, EngineUnavailable, OcrError
from documents.pipeline import engines, reading, rendering, reviewing
from documents.pipeline.pictures import PageProblem, Picture
from tests.scenes import FakeEngine, make_document, make_line, make_reading

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(alice, settings):
    document = make_document(alice)
    path = Path(settings.STORAGES["default"]["OPTIONS"]["location"]) / document.original
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"not looked at: drawing is faked")
    yield document.pages.get()
    path.unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def drawing(monkeypatch):
    """Draw a small white page without poppler or a child process."""

    def draw(original, kind, number, folder, *, with_text):
        paths = [folder / name for name in ("page.bmp", "display.jpg", "small.jpg")]
        for path in paths:
            Image.new("L", (600, 400), 255).save(path)
        return rendering.Drawing(Picture(paths[0], 600, 400, 300, ()), paths[1], paths[2])

    monkeypatch.setattr(reading, "draw_page", draw)


def use(monkeypatch, **by_name: FakeEngine) -> None:
    monkeypatch.setattr(engines, "reading_order", lambda preferred: list(by_name))
    monkeypatch.setattr(engines, "ocr_engine", lambda name: by_name[name])


def retry(page: Page) -> bool:
    Page.objects.filter(pk=page.pk).update(next_try_at=None)
    return reading.read_page(page.pk, page.revision)


def test_it_keeps_lines_words_boxes_engine_and_duration(page, monkeypatch):
    use(monkeypatch, fake=FakeEngine(make_reading("Dear Sir", "we thank you for your letter")))
    assert reading.read_page(page.pk, 0) is True
    page.refresh_from_db()
    text = page.current
    assert (text.layer, text.made_by, text.seconds, text.text) == (
        Layer.OCR, "fake 1.0", 0.5, "Dear Sir\nwe thank you for your letter",
    )  # fmt: skip
    assert text.lines[0]["words"][1] == {"text": "Sir", "box": [50, 0, 80, 20], "confidence": 0.99}
    assert (page.status, page.language, page.width, page.dpi) == (PageStatus.READ, "en", 600, 300)
    assert page.picture
    assert page.thumbnail


def test_a_blank_page_is_done_at_once(page, monkeypatch):
    use(monkeypatch, fake=FakeEngine(make_reading()))
    reading.read_page(page.pk, 0)
    page.refresh_from_db()
    assert (page.status, page.current.text) == (PageStatus.DONE, "")


def test_it_leaves_a_page_alone_that_another_worker_has(page, monkeypatch):
    engine = FakeEngine(make_reading("text"))
    use(monkeypatch, fake=engine)
    states.claim(page.pk, 0, states.READING, seconds=60)
    assert reading.read_page(page.pk, 0) is False
    assert engine.asked == 0


def test_an_engine_that_cannot_is_passed_over_and_the_screen_says_why(page, monkeypatch):
    trial = FakeEngine(EngineUnavailable("Aspose.OCR has no licence."))
    use(monkeypatch, aspose=trial, rapidocr=FakeEngine(make_reading("text of the page")))
    assert reading.read_page(page.pk, 0)
    page.refresh_from_db()
    assert page.current.note == "Aspose.OCR has no licence."


def test_when_no_engine_can_the_page_says_so_and_keeps_its_picture(page, monkeypatch):
    use(monkeypatch, fake=FakeEngine(OcrError("The picture is too small.")))
    for _attempt in range(3):
        assert retry(page) is False
    page.refresh_from_db()
    assert (page.status, page.problem) == (PageStatus.QUARANTINED, "The picture is too small.")
    assert page.picture


def test_a_crash_is_blamed_on_the_page_and_the_other_engine_goes_first_next(page, monkeypatch):
    breaking = FakeEngine(EngineCrashed("killed by SIGSEGV"))
    other = FakeEngine(make_reading("text of the page"))
    use(monkeypatch, breaking=breaking, other=other)
    assert reading.read_page(page.pk, 0) is False
    page.refresh_from_db()
    assert (page.status, page.crash_reason) == (PageStatus.PENDING, "killed by SIGSEGV")
    assert retry(page) is True
    assert breaking.asked == 1


def test_a_second_try_reads_a_smaller_picture_and_the_boxes_fit_the_page(page, monkeypatch):
    use(monkeypatch, fake=FakeEngine(EngineCrashed("killed"), make_reading("word")))
    reading.read_page(page.pk, 0)
    retry(page)
    page.refresh_from_db()
    assert page.current.lines[0]["box"] == [0, 0, 60, 30]  # 40 x 20 on a picture of two thirds


def test_a_damaged_page_is_quarantined_at_once(page, monkeypatch):
    def draw(*args, **options):
        raise PageProblem("Page 1 of the PDF is damaged.", "damaged")

    monkeypatch.setattr(reading, "draw_page", draw)
    assert reading.read_page(page.pk, 0) is False
    page.refresh_from_db()
    assert (page.status, page.problem) == (PageStatus.QUARANTINED, "Page 1 of the PDF is damaged.")


def test_a_missing_original_is_a_problem_shown(page, monkeypatch):
    Page.objects.get(pk=page.pk).document.__class__.objects.update(original="originals/gone")
    reading.read_page(page.pk, 0)
    page.refresh_from_db()
    assert page.status == PageStatus.QUARANTINED
    assert "missing" in page.problem


def test_a_late_reading_writes_nothing(page, monkeypatch):
    class Slow(FakeEngine):
        def read(self, *args, **kwargs):
            states.again(Page.objects.filter(pk=page.pk), states.READING)
            return super().read(*args, **kwargs)

    use(monkeypatch, fake=Slow(make_reading("late")))
    assert reading.read_page(page.pk, 0) is False
    assert page.texts.count() == 0
    assert Attempt.objects.get().outcome == Attempt.Outcome.FENCED


def test_reading_again_never_replaces_what_a_person_wrote(page, alice, monkeypatch):
    use(monkeypatch, fake=FakeEngine(make_reading("tbe first reading")))
    reading.read_page(page.pk, 0)
    page.refresh_from_db()
    written = [reviewing.WrittenLine("the first reading", 0)]
    reviewing.save_text(page, written, based_on=page.current_id, author=alice)
    states.again(Page.objects.filter(pk=page.pk), states.READING)
    reading.read_page(page.pk, 1)
    page.refresh_from_db()
    assert page.current.text == "the first reading"
    assert page.texts.filter(layer=Layer.OCR).count() == 2


def test_control_characters_of_an_engine_do_not_reach_the_text(page, monkeypatch):
    line = make_line("a\x00b\x02c\ud800d")
    use(monkeypatch, fake=FakeEngine(make_reading().__class__((line,), "fake", "1", 0.1)))
    reading.read_page(page.pk, 0)
    page.refresh_from_db()
    assert page.current.text == "abcd"


def test_a_page_in_two_languages_is_known_under_both(page, monkeypatch):
    english = ["we thank you for the letter of last week and for the kind words about our work here"] * 5
    german = ["wir danken Ihnen herzlich für den freundlichen Brief und für die guten Worte über uns"] * 5
    use(monkeypatch, fake=FakeEngine(make_reading(*english, *english, *german)))
    reading.read_page(page.pk, 0)
    page.refresh_from_db()
    assert (page.language, page.languages) == ("en", ",de,en,")
    assert [line.get("language", "") for line in page.current.lines[9:11]] == ["", "de"]
