"""Any two versions of a page's text side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from documents.correction.alignment import edits_between
from documents.models import Page, PageText, Role
from documents.views.access import get_page, may
from documents.views.writing import number


@dataclass(frozen=True)
class Piece:
    """Some words of a line; `differs` when the other text does not have them there."""

    text: str
    differs: bool


@require_GET
def page_versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Show two versions line by line, by default the current one and the one that it was made from."""
    found = get_page(request.user, pk)
    versions = list(found.texts.select_related("author").defer("lines", "text"))
    if not versions:
        raise Http404
    new = _version(found, request.GET.get("new", "")) or found.current
    old = _version(found, request.GET.get("old", "")) or new.based_on or found.texts.order_by("version").first()
    rows = list(compared_lines(old.text.splitlines(), new.text.splitlines()))
    context = {
        "page": found,
        "document": found.document,
        "versions": versions,
        "texts": [old] if old.pk == new.pk else [old, new],
        "choices": [("old", old, _("This version")), ("new", new, _("beside this one"))],
        "rows": rows,
        "difference_count": sum(row["differs"] for row in rows),
        "can_change": may(request.user, found.document, Role.REVIEWER),
    }
    return render(request, "documents/versions.html", context)


def _version(page: Page, typed: str) -> PageText | None:
    """Return the version with that number. Raises Http404 when there is none; None when nothing was asked for."""
    if not typed:
        return None
    text = page.texts.filter(version=number(typed) or 0).first()
    if text is None:
        raise Http404
    return text


def compared_lines(old: list[str], new: list[str]) -> Iterator[dict[str, Any]]:
    """Yield rows {"old", "new", "differs"} of two texts line by line; old and new are pieces, [] where no line is."""
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left, right = old[a:b], new[c:d]
        for place in range(max(len(left), len(right))):
            mine, theirs = left[place : place + 1], right[place : place + 1]
            if mine and theirs:
                yield _row(marked_words(theirs[0], mine[0]), marked_words(mine[0], theirs[0]), tag != "equal")
            else:
                yield _row([Piece(text, True) for text in mine], [Piece(text, True) for text in theirs], True)


def _row(old: list[Piece], new: list[Piece], differs: bool) -> dict[str, Any]:
    return {"old": old, "new": new, "differs": differs}


def marked_words(other: str, text: str) -> list[Piece]:
    """Return `text` in pieces, those that differ from `other` marked."""
    pieces, at = [], 0
    for edit in edits_between(text, other):
        pieces += [Piece(text[at : edit.start], False), Piece(edit.before, True)]
        at = edit.end
    return [piece for piece in [*pieces, Piece(text[at:], False)] if piece.text]
