"""The pages of a document laid out on a table: sort them, turn them, move them to another document, throw some away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from documents.models import Document, Role
from documents.pipeline import page_order, page_turning
from documents.views.access import get_document, may, visible_documents

OTHERS = 50
"""Documents that are offered to be put behind this one: the newest."""


@require_GET
def document_pages(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the pages of a document with what can be done with them, and its bin."""
    found = get_document(request.user, pk)
    can_manage = may(request.user, found, Role.MANAGER)
    others = visible_documents(request.user, Role.MANAGER).exclude(pk=pk).order_by("-created_at")
    context = {
        "document": found,
        "pages": found.pages.order_by("number").defer("crash_reason"),
        "removed": found.removed_pages.select_related("page__current", "by") if can_manage else (),
        "can_manage": can_manage,
        "others": others[:OTHERS] if can_manage else (),
    }
    return render(request, "documents/page_order.html", context)


@require_POST
def document_arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """Do with the ticked pages what the pressed button says."""
    found = get_document(request.user, pk, Role.MANAGER)
    action = ACTIONS.get(request.POST.get("action", ""))
    ticked = _numbers(request.POST.getlist("page"))
    if action is None or not (ticked or action in WITHOUT_PAGES):
        messages.warning(request, _("Tick the pages first."))
        return redirect("document-pages", pk)
    try:
        action(request, found, ticked)
    except page_order.PagesInWork:
        messages.error(request, _("Some of these pages are still being read. Wait until they are done."))
    except FileNotFoundError:
        messages.error(request, _("The picture of a page is missing from the storage. Tell your administrator."))
    return redirect("document-pages", pk)


def _move(request: HttpRequest, found: Document, ticked: list[int]) -> None:
    before = _numbers([request.POST.get("before", "")])
    if not before:
        messages.warning(request, _("Write the number of the page in front of which they belong."))
        return
    page_order.move_before(found, ticked, before[0])
    messages.success(request, _("The pages are moved."))


def _order(request: HttpRequest, found: Document, _ticked: list[int]) -> None:
    page_order.reorder(found, _numbers(request.POST.get("order", "").split(",")))
    messages.success(request, _("The new order is saved."))


def _turn(degrees: int) -> Callable[[HttpRequest, Document, list[int]], None]:
    def turn(request: HttpRequest, found: Document, ticked: list[int]) -> None:
        pages = list(found.pages.filter(pk__in=ticked).exclude(picture=""))
        for page in pages:
            page_turning.turn(page, degrees)
        messages.success(request, ngettext("%d page is turned.", "%d pages are turned.", len(pages)) % len(pages))

    return turn


def _split(request: HttpRequest, found: Document, ticked: list[int]) -> None:
    title = request.POST.get("title", "").strip() or _("%(title)s, part") % {"title": found.title}
    new = page_order.split(found, ticked, title)
    if new is None:
        messages.warning(request, _("Leave at least one page in this document."))
        return
    messages.success(request, _("The pages are now the document “%(title)s”.") % {"title": new.title})


def _merge(request: HttpRequest, found: Document, _ticked: list[int]) -> None:
    chosen = _numbers([request.POST.get("other", "")])
    if not chosen or chosen[0] == found.pk:
        messages.warning(request, _("Choose the other document first."))
        return
    other = get_document(request.user, chosen[0], Role.MANAGER)
    page_order.merge(found, other)
    messages.success(request, _("The pages of “%(title)s” stand behind these now.") % {"title": other.title})


def _remove(request: HttpRequest, found: Document, ticked: list[int]) -> None:
    count = page_order.remove(found, ticked, by=request.user)
    if not count:
        messages.warning(request, _("Leave at least one page in this document."))
        return
    said = ngettext("%d page is in the bin below.", "%d pages are in the bin below.", count) % count
    messages.success(request, said)


def _bring_back(request: HttpRequest, found: Document, _ticked: list[int]) -> None:
    wanted = _numbers([request.POST.get("removed", "")])
    if wanted and page_order.bring_back(found, wanted[0]):
        messages.success(request, _("The page is back where it was."))


ACTIONS: dict[str, Callable[[HttpRequest, Document, list[int]], Any]] = {
    "move": _move, "order": _order, "left": _turn(270), "right": _turn(90), "split": _split, "merge": _merge,
    "remove": _remove, "bring-back": _bring_back,
}  # fmt: skip
WITHOUT_PAGES = {_order, _merge, _bring_back}


def _numbers(typed: list[str]) -> list[int]:
    return [int(text) for text in typed if text.strip().isdecimal() and len(text.strip()) < 19]
