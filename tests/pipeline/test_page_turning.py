from __future__ import annotations

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from documents.models import Page
from documents.pipeline import origins, page_turning
from tests.scenes import make_read_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(alice):
    """A page 1000 by 1400 with one word at the top left, and its pictures: white but for a black corner there."""
    page = make_read_page(alice, "word")
    names = origins.picture_names(page)
    for name, size in zip(names, ((100, 140), (10, 14)), strict=True):
        picture, stream = Image.new("L", size, 255), io.BytesIO()
        picture.paste(0, (0, 0, size[0] // 5, size[1] // 5))
        picture.save(stream, "JPEG")
        default_storage.delete(name)
        default_storage.save(name, ContentFile(stream.getvalue()))
    Page.objects.filter(pk=page.pk).update(picture=names[0], thumbnail=names[1])
    page.refresh_from_db()
    return page


def turned(page: Page, degrees: int) -> Page:
    page_turning.turn(page, degrees)
    return Page.objects.select_related("current").get(pk=page.pk)


def is_dark(name: str, x: float, y: float) -> bool:
    with default_storage.open(name) as stream, Image.open(stream) as image:
        return image.getpixel((int(x * image.width), int(y * image.height))) < 100


def test_a_word_stays_on_its_ink(page):
    right = turned(page, 90)
    assert (right.width, right.height) == (1400, 1000)
    assert right.current.lines[0]["box"] == [1380, 0, 1400, 40]
    assert right.current.lines[0]["words"][0]["box"] == [1380, 0, 1400, 40]
    assert is_dark(right.picture, 0.9, 0.1)
    assert not is_dark(right.picture, 0.1, 0.1)


def test_four_quarters_bring_everything_back(page):
    before = page.current.lines
    for _quarter in range(4):
        page = turned(page, 90)
    assert page.current.lines == before
    assert is_dark(page.picture, 0.1, 0.1)
    assert origins.origin_of(page).turn == 0


def test_turning_adds_no_version(page):
    assert turned(page, 180).texts.count() == 1


def test_turned_pictures_have_names_of_their_own_and_the_old_ones_go(page, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        right = turned(page, 90)
    assert right.picture != page.picture
    assert not default_storage.exists(page.picture)
    assert right.picture == origins.picture_names(right)[0]
