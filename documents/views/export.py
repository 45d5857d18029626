"""Taking documents away: what, in which formats, and the files that are made in the background."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents import search
from documents.forms import ExportForm
from documents.models import ExportJob, Page
from documents.pipeline import export_jobs, exporting, files
from documents.pipeline.exporting import ExportFailed
from documents.pipeline.items import Item
from documents.views.access import visible_documents

MOST_TICKED = 1000


@dataclass(frozen=True)
class Selection:
    """What is to be exported: its name for people, its documents, and the fields of the form that mean it."""

    title: str
    items: list[Item]
    fields: list[tuple[str, str]]


@require_http_methods(["GET", "POST"])
def export_choose(request: HttpRequest) -> HttpResponse:
    """Ask in which formats; the selection comes from a link or from a form with ticked documents."""
    chosen = selection(request.user, request.POST if request.method == "POST" else request.GET)
    if not chosen.items:
        messages.warning(request, _("Tick the documents first, or choose all that were found."))
        return redirect("library")
    return _chooser(request, chosen, ExportForm(initial={"formats": ["pdf"]}))


def _chooser(request: HttpRequest, chosen: Selection, form: ExportForm, status: int = 200) -> HttpResponse:
    pages = export_jobs.count_pages(chosen.items)
    context = {"selection": chosen, "form": form, "pages": pages, "is_search": ("all", "on") in chosen.fields}
    return render(request, "documents/export.html", context, status=status)


@require_POST
def export_start(request: HttpRequest) -> HttpResponse:
    """Send a small export at once; have a worker make a large one, and show how far it is."""
    chosen, form = selection(request.user, request.POST), ExportForm(request.POST)
    if not chosen.items:
        messages.warning(request, _("None of these documents is there any more."))
        return redirect("library")
    if not form.is_valid():
        return _chooser(request, chosen, form, status=422)
    formats = form.cleaned_data["formats"]
    if not exporting.is_quick(chosen.items, formats):
        export_jobs.start(request.user, chosen.title, chosen.items, formats)
        return redirect("exports")
    try:
        return sent(request.user, chosen.items, formats)
    except ExportFailed as exc:
        form.add_error(None, str(exc))
        return _chooser(request, chosen, form, status=422)


def sent(user: Any, items: Sequence[Item], formats: Sequence[str]) -> FileResponse:
    """Return the export as a download, made while the person waits. Raises ExportFailed."""
    with files.work_folder() as folder:
        made = exporting.export(user, items, formats, folder)
        # The folder goes, the open file stays until it has been sent.
        return download(made.path.open("rb"), made.name, made.mime)


def download(stream: Any, name: str, mime: str) -> FileResponse:
    """Return an open file as a download: it holds what others wrote, and is no page of ours."""
    mime += "; charset=utf-8" if mime.startswith("text/") else ""
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=mime)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_GET
def exports(request: HttpRequest) -> HttpResponse:
    """Show the person's exports; a request by htmx gets the list alone."""
    jobs = list(ExportJob.objects.filter(owner=request.user)[:100])
    context = {"exports": jobs, "is_busy": any(job.is_open for job in jobs)}
    is_htmx = "HX-Request" in request.headers
    return render(request, "documents/_exports.html" if is_htmx else "documents/exports.html", context)


@require_GET
def export_download(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the finished file."""
    job = get_object_or_404(ExportJob, pk=pk, owner=request.user, state=ExportJob.State.DONE)
    try:
        return download(export_jobs.open_file(job), job.file_name, job.mime)
    except FileNotFoundError as exc:
        raise Http404(_("The file of this export is missing from the storage.")) from exc


@require_POST
def export_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete an export, finished or not."""
    export_jobs.remove(get_object_or_404(ExportJob, pk=pk, owner=request.user))
    messages.success(request, _("The export was deleted."))
    return redirect("exports")


def selection(user: Any, asked: QueryDict) -> Selection:
    """Return what `asked` means: pages, documents, or what a search finds; only what the user may see."""
    typed = asked.get("q", "").replace("\x00", "")
    if asked.get("all") == "on":
        fields = [("q", typed), ("all", "on")]
        return Selection(_("Search: %(words)s") % {"words": typed}, _found(user, typed, asked), fields)
    if pages := _numbers(asked.getlist("page")):
        return _of_pages(user, pages)
    ticked = visible_documents(user).filter(pk__in=_numbers(asked.getlist("document"))).order_by("pk")
    return _of_documents(dict(ticked.values_list("pk", "title")))


def _found(user: Any, typed: str, asked: QueryDict) -> list[Item]:
    query, documents = search.parse(typed), visible_documents(user)
    if asked.get("only_pages") == "on":
        return _by_document(search.all_pages(query, documents))
    return [Item(pk) for pk in search.all_documents(query, documents)]


def _of_documents(titles: dict[int, str]) -> Selection:
    title = ngettext("%d document", "%d documents", len(titles)) % len(titles)
    if len(titles) == 1:
        (title,) = titles.values()
    return Selection(title, [Item(pk) for pk in titles], [("document", str(pk)) for pk in titles])


def _of_pages(user: Any, keys: list[int]) -> Selection:
    pages = Page.objects.filter(visible_documents(user).contain("document_id"), pk__in=keys).select_related("document")
    title = str(pages[0]) if len(pages) == 1 else ngettext("%d page", "%d pages", len(pages)) % len(pages)
    return Selection(title, _by_document(pages), [("page", str(page.pk)) for page in pages])


def _by_document(pages: Any) -> list[Item]:
    numbers: dict[int, list[int]] = {}
    for document_id, number in pages.order_by("document_id", "number").values_list("document_id", "number"):
        numbers.setdefault(document_id, []).append(number)
    return [Item(document_id, tuple(those)) for document_id, those in numbers.items()]


def _numbers(typed: Sequence[str]) -> list[int]:
    return [int(key) for key in typed if key.isdecimal() and len(key) < 19][:MOST_TICKED]
