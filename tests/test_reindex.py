"""`manage.py reindex`."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from documents.models import Document
from documents.search import find, index, parse, remove_pages
from tests.scenes import make_read_page

pytestmark = pytest.mark.django_db


def test_it_writes_the_index_anew(alice):
    page = make_read_page(alice, "a ship")
    remove_pages([page.pk])
    said = io.StringIO()
    call_command("reindex", stdout=said)
    assert "1 pages" in said.getvalue()
    assert find(parse("ship"), Document.objects.all()).page_ids == (page.pk,)


def test_it_only_checks_when_told_so(alice, monkeypatch):
    call_command("reindex")
    said = io.StringIO()
    call_command("reindex", "--check", stdout=said)
    assert "whole" in said.getvalue()
    monkeypatch.setattr(index.database(), "problem", lambda: "A row is missing.")
    with pytest.raises(CommandError, match="A row is missing"):
        call_command("reindex", "--check")
