"""The little marks of the screens: signs, statuses, moments and small pictures."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django import forms
from django.template import engines

from documents.forms import QuickSelect
from documents.models import Page


def drawn(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


def test_a_sign_is_drawn_from_the_sheet_of_signs():
    assert 'icons.svg#done"></use></svg>' in drawn('{% icon "done" %}')


@pytest.mark.parametrize(
    ("status", "shape", "sign", "words"),
    [
        ("done", "pill pill--done", "done", "Done"), ("cancelled", "pill", "stopped", "Cancelled"),
        ("quarantined", "pill pill--problem", "problem", "Could not be read"),
        ("queued", "pill pill--waiting", "waiting", "Next to be read"),
        ("processing", "pill pill--working", "working", "In work"),
    ],
)  # fmt: skip
def test_a_status_is_told_by_shape_and_words(status, shape, sign, words):
    pill = drawn("{% pill status %}", status=status)
    assert pill.startswith(f'<span class="{shape}"><svg')
    assert f"#{sign}" in pill
    assert pill.endswith(f"{words}</span>")


def test_a_moment_is_that_of_the_sites_time_zone(settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    at = datetime(2026, 11, 3, 20, 5, tzinfo=UTC)
    assert drawn("{% moment at %}", at=at) == '<time datetime="2026-11-04T05:05:00+09:00">4 Nov 2026, 05:05</time>'


def test_a_page_without_a_picture_gets_a_sign():
    assert "thumb--none" in drawn("{% thumbnail page %}", page=None)
    assert "thumb--none" in drawn("{% thumbnail page %}", page=Page(pk=1))
    assert drawn("{% thumbnail page %}", page=Page(pk=1, thumbnail="a&b.png")).startswith('<img class="thumb" src="/')


def test_a_list_to_choose_from_is_that_of_django():
    choices = [("", "Any <one>"), ("a", "A & B"), (2, "two")]
    ours, theirs = (
        form(choices=choices, attrs={"id": "x"}).render("letter", "a") for form in (QuickSelect, forms.Select)
    )
    assert "".join(line.strip() for line in theirs.splitlines()) == ours
