from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from documents.pipeline.pictures import (
    Limits,
    PageProblem,
    Unreadable,
    display_copy,
    inspect,
    render_page,
    sniff,
    thumbnail,
)
from tests.samples import make

LIMITS = Limits()


@pytest.fixture
def stored(tmp_path):
    """Return a function that stores bytes as an uploaded file and returns its path."""

    def store(data: bytes) -> Path:
        path = tmp_path / "upload"
        path.write_bytes(data)
        return path

    return store


@pytest.fixture
def out(tmp_path):
    return tmp_path / "page.bmp"


def reason_of(path: Path, kind: str, limits: Limits = LIMITS) -> str:
    with pytest.raises(Unreadable) as caught:
        inspect(path, kind, limits)
    assert str(caught.value).endswith(".")
    return caught.value.reason


# sniff


@pytest.mark.parametrize("kind", ["pdf", "tiff", "jpeg", "png", "webp"])
def test_it_knows_a_file_by_its_content(kind):
    assert sniff(getattr(make, kind)()[:1024]) == kind


def test_it_finds_a_pdf_behind_up_to_a_kilobyte_of_junk():
    assert sniff(b"\r\n" * 200 + make.pdf()) == "pdf"
    assert sniff(b"\r\n" * 512 + make.pdf()) is None


@pytest.mark.parametrize("data", [make.html(), b"", b"<svg/>", b"PK\3\4", b"GIF89a", b"RIFF\0\0\0\0WAVE"])
def test_it_lets_nothing_else_pass(data):
    assert sniff(data) is None


# inspect


def test_it_counts_pages(stored):
    assert inspect(stored(make.pdf(3)), "pdf", LIMITS).pages == 3
    assert inspect(stored(make.tiff(4)), "tiff", LIMITS).pages == 4


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
def test_a_picture_is_one_page(stored, kind):
    assert inspect(stored(getattr(make, kind)()), kind, LIMITS).pages == 1


@pytest.mark.parametrize(
    ("data", "kind", "reason"),
    [
        (b"", "pdf", "empty"),
        (make.html(), "pdf", "wrong_type"),
        (make.png(), "jpeg", "wrong_type"),
        (make.encrypted_pdf(), "pdf", "encrypted"),
        (make.cut(make.pdf(3)), "pdf", "truncated"),
        (make.noise_pdf(), "pdf", "truncated"),
        (make.noise_pdf() + b"%%EOF", "pdf", "damaged"),
        (make.lying_pdf(9), "pdf", "damaged"),
        (make.lying_pdf(5), "pdf", "damaged"),
        (make.build_pdf([]), "pdf", "damaged"),
        (make.cut(make.jpeg()), "jpeg", "truncated"),
        (make.cut(make.png()), "png", "truncated"),
        (make.cut(make.webp()), "webp", "damaged"),
        (make.cut(make.tiff()), "tiff", "damaged"),
        (make.many_frames_tiff(), "tiff", "too_many_pages"),
    ],
)
@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_it_says_why_a_file_cannot_be_read(stored, data, kind, reason):
    assert reason_of(stored(data), kind) == reason


def test_it_refuses_what_is_over_the_limits(stored):
    assert reason_of(stored(make.pdf(3)), "pdf", Limits(max_pages=2)) == "too_many_pages"
    assert reason_of(stored(make.pdf(3)), "pdf", Limits(max_bytes=100)) == "too_large"
    assert reason_of(stored(make.png()), "png", Limits(max_pixels=1000)) == "too_large"


def test_it_counts_each_frame_of_a_looping_tiff_once(stored):
    assert inspect(stored(make.many_frames_tiff(3, loop=True)), "tiff", LIMITS).pages == 3


# render_page: PDF


def test_it_draws_the_wanted_pdf_page(stored, out):
    picture = render_page(stored(make.pdf(2)), "pdf", 2, out, dpi=72, limits=LIMITS)
    assert (picture.width, picture.height, picture.dpi, picture.warnings) == (595, 842, 72, ())
    with Image.open(out) as image:
        assert (image.format, image.mode, image.size) == ("BMP", "L", (595, 842))
        assert image.getextrema() == (0, 255)


def test_a_rotated_page_is_drawn_as_it_is_shown(stored, out):
    picture = render_page(stored(make.pdf(rotate=90)), "pdf", 1, out, dpi=72, limits=LIMITS)
    assert (picture.width, picture.height) == (842, 595)


def test_only_the_crop_box_is_drawn(stored, out):
    data = make.build_pdf([b""], page_extra=b"/CropBox [0 0 300 400]")
    picture = render_page(stored(data), "pdf", 1, out, dpi=72, limits=LIMITS)
    assert (picture.width, picture.height) == (300, 400)


def test_a_huge_page_is_drawn_at_a_lower_resolution_and_says_so(stored, out):
    limits = Limits(render_pixels=60_000_000)
    picture = render_page(stored(make.pdf(size=(14400, 3600))), "pdf", 1, out, limits=limits)
    assert (picture.width, picture.dpi) == (10_000, 50)
    assert "50 dpi" in picture.warnings[0]


def test_a_page_too_huge_for_any_resolution_is_a_problem(stored, out):
    with pytest.raises(PageProblem) as caught:
        render_page(stored(make.pdf(size=(200_000, 200_000))), "pdf", 1, out, limits=LIMITS)
    assert caught.value.reason == "too_large"


def test_a_broken_page_is_never_a_silent_blank(stored, out):
    path = stored(make.pdf_with_broken_page(3, broken=2))
    with pytest.raises(PageProblem, match="Page 2 of the PDF is damaged"):
        render_page(path, "pdf", 2, out, dpi=72, limits=LIMITS)
    assert not out.exists()
    assert render_page(path, "pdf", 3, out, dpi=72, limits=LIMITS).warnings == ()


def test_a_half_broken_page_comes_with_a_warning(stored, out):
    data = make.build_pdf([b"BT /F1 48 Tf 72 600 Td (Half) Tj ET  /Missing Do"])
    picture = render_page(stored(data), "pdf", 1, out, dpi=72, limits=LIMITS)
    assert "parts may be missing" in picture.warnings[0]


def test_a_truly_blank_page_is_fine(stored, out):
    assert render_page(stored(make.blank_pdf()), "pdf", 1, out, dpi=72, limits=LIMITS).warnings == ()


def test_a_page_that_is_not_there_is_a_problem(stored, out):
    with pytest.raises(PageProblem):
        render_page(stored(make.pdf(1)), "pdf", 2, out, limits=LIMITS)
    with pytest.raises(PageProblem):
        render_page(stored(make.tiff(1)), "tiff", 2, out, limits=LIMITS)


def test_a_page_that_takes_too_long_is_a_problem(stored, out):
    with pytest.raises(PageProblem) as caught:
        render_page(stored(make.pdf()), "pdf", 1, out, limits=Limits(page_seconds=0))
    assert caught.value.reason == "timeout"


def test_a_missing_file_is_not_taken_for_a_damaged_page(tmp_path, out):
    with pytest.raises(FileNotFoundError):
        render_page(tmp_path / "gone", "png", 1, out, limits=LIMITS)


# render_page: pictures


def test_it_keeps_the_pixels_of_a_picture(stored, out):
    picture = render_page(stored(make.png()), "png", 1, out, limits=LIMITS)
    assert (picture.width, picture.height, picture.dpi) == (600, 200, 150)


def test_it_reads_the_wanted_frame(stored, out):
    path = stored(make.tiff(2))
    first = render_page(path, "tiff", 1, out, limits=LIMITS).path.read_bytes()
    assert render_page(path, "tiff", 2, out, limits=LIMITS).path.read_bytes() != first


def test_it_turns_a_sideways_photo_upright(stored, out):
    picture = render_page(stored(make.sideways_jpeg()), "jpeg", 1, out, limits=LIMITS)
    assert (picture.width, picture.height) == (200, 600)


def test_it_makes_the_pixels_of_a_fax_square(stored, out):
    picture = render_page(stored(make.fax()), "tiff", 1, out, limits=LIMITS)
    assert (picture.width, picture.height, picture.dpi) == (864, 1041, 204)


def test_a_lower_resolution_shrinks_a_picture_in_proportion(stored, out):
    picture = render_page(stored(make.jpeg()), "jpeg", 1, out, dpi=150, limits=LIMITS)
    assert (picture.width, picture.height, picture.dpi, picture.warnings) == (300, 100, 150, ())


def test_a_picture_over_the_limit_is_made_smaller_and_says_so(stored, out):
    picture = render_page(stored(make.png()), "png", 1, out, limits=Limits(render_pixels=30_000))
    assert (picture.width, picture.height, picture.dpi) == (300, 100, 75)
    assert "made smaller" in picture.warnings[0]


def test_a_bomb_is_refused_before_it_is_decoded(stored, out):
    with pytest.raises(PageProblem) as caught:
        render_page(stored(make.png()), "png", 1, out, limits=Limits(max_pixels=1000))
    assert caught.value.reason == "too_large"


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "I;16"])
def test_every_kind_of_pixel_keeps_black_on_white(stored, out, mode):
    grey = make.text_picture().convert("L")
    if mode == "I;16":
        # 12 of 16 bits used, as X-ray and book scanners write
        source = grey.convert("I").point(lambda value: value * 16).convert("I;16")
    else:
        source = grey.convert("RGB").convert(mode)
    render_page(stored(make.picture_bytes(source, "tiff")), "tiff", 1, out, limits=LIMITS)
    with Image.open(out) as image:
        low, high = image.convert("L").getextrema()
    assert low < 40 and high > 215


def test_transparent_parts_become_white(stored, out):
    clear = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    render_page(stored(make.picture_bytes(clear, "png")), "png", 1, out, limits=LIMITS)
    with Image.open(out) as image:
        assert image.getextrema() == (255, 255)


def test_a_coloured_page_keeps_its_colours(stored, out):
    red = make.picture_bytes(Image.new("RGB", (10, 10), "red"), "png")
    render_page(stored(red), "png", 1, out, limits=LIMITS)
    with Image.open(out) as image:
        assert image.getpixel((5, 5)) == (255, 0, 0)


def test_a_frame_that_cannot_be_decoded_is_a_problem_of_that_page(stored, out):
    with pytest.raises(PageProblem) as caught:
        render_page(stored(make.cut(make.jpeg())), "jpeg", 1, out, limits=LIMITS)
    assert caught.value.reason == "damaged"


# copies for the browser


def test_the_display_copy_has_the_same_size(stored, out, tmp_path):
    render_page(stored(make.png()), "png", 1, out, limits=LIMITS)
    assert display_copy(out, tmp_path / "copy.jpg") == (600, 200)
    with Image.open(tmp_path / "copy.jpg") as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "L", (600, 200))


def test_a_thumbnail_is_narrow_and_never_enlarged(stored, out, tmp_path):
    render_page(stored(make.png()), "png", 1, out, limits=LIMITS)
    assert thumbnail(out, tmp_path / "small.jpg", 150) == (150, 50)
    assert thumbnail(out, tmp_path / "small.jpg", 1000) == (600, 200)


def test_the_picture_maker_starts_without_django_or_numpy():
    code = "import sys, documents.pipeline.probe; print({'django', 'numpy'} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"
