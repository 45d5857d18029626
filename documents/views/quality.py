"""Measured quality: taking a sample, typing its lines, and what came of all measurements."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from documents.models import Batch, CheckedLine, Collection, Document, Layer, QualityCheck, Role
from documents.pipeline import quality
from documents.views import plots
from documents.views.access import (
    get_batch,
    get_collection,
    get_document,
    visible_batches,
    visible_collections,
    visible_documents,
)

LISTED = 30


@require_GET
def quality_overview(request: HttpRequest) -> HttpResponse:
    """Show what was measured, per engine, model, person and day."""
    documents = visible_documents(request.user)
    makers = quality.by_maker(documents)
    checks = _visible_checks(request.user).select_related("document", "collection", "batch", "started_by")[:LISTED]
    context = {
        "checks": [(check, quality.result(check), check.lines.filter(verdict="").count()) for check in checks],
        "by_maker": [
            (Layer(layer).label, plots.share_plot(makers[layer])) for layer in Layer.values if layer in makers
        ],
        "by_day": plots.share_plot(quality.by_day(documents)),
        "people": plots.bars(quality.approvals_by_person(documents)),
        "days": plots.columns(quality.approvals_by_day(documents)),
        "collections": Collection.objects.for_role(request.user, Role.REVIEWER),
        "size": quality.SIZE,
    }
    return render(request, "documents/quality.html", context)


def _visible_checks(user: Any):
    return QualityCheck.objects.filter(
        Q(visible_documents(user).contain("document_id"))
        | Q(collection__in=visible_collections(user))
        | Q(batch__in=visible_batches(user))
    )


@require_POST
def quality_start(request: HttpRequest) -> HttpResponse:
    """Take a sample of a document, a collection or a batch."""
    of = _asked_for(request)
    documents = _documents_of(of)
    size = request.POST.get("size", "")
    size = int(size[:6]) if size.isdecimal() else quality.SIZE
    check = quality.start(of, documents & visible_documents(request.user), max(1, size), by=request.user)
    if check is None:
        messages.warning(request, _("There is no text with a scan yet from which lines could be taken."))
        return redirect("quality")
    return redirect(check)


def _documents_of(of: Document | Collection | Batch) -> QuerySet[Document]:
    """Return the documents that are measured: what is one person's alone only where nothing else is in his batch."""
    if isinstance(of, Document):
        return Document.objects.filter(pk=of.pk)
    shared = of.documents.filter(scope="")
    return of.documents.all() if isinstance(of, Batch) and not shared.exists() else shared


def _asked_for(request: HttpRequest) -> Document | Collection | Batch:
    """Return what is to be measured. Raises Http404 when it is nothing that there is."""
    for name, get in (("document", get_document), ("collection", get_collection), ("batch", get_batch)):
        typed = request.POST.get(name, "")
        if typed.isdecimal() and len(typed) < 19:
            return get(request.user, int(typed), Role.REVIEWER)
    raise Http404


@require_GET
def quality_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the next line of a measurement, or what came of it."""
    return _shown(request, get_object_or_404(_visible_checks(request.user), pk=pk))


def _shown(request: HttpRequest, check: QualityCheck, problem: str = "") -> HttpResponse:
    documents = visible_documents(request.user)
    line = quality.next_line(check, documents)
    seen = check.lines.filter(documents.contain("text__page__document_id"))
    total, judged = check.lines.count(), check.lines.exclude(verdict="").count()
    context = {
        "check": check,
        "of": check.of,
        "line": line,
        "page": line.text.page if line else None,
        "position": judged + 1,
        "total": total,
        "judged": judged,
        "share": quality.result(check),
        "wrong": seen.filter(errors__gt=0).select_related("text__page"),
        "may_judge": _may_judge(request.user, check),
        "problem": problem,
    }
    return render(request, "documents/quality_check.html", context, status=422 if problem else 200)


def _may_judge(user: Any, check: QualityCheck) -> bool:
    if check.document_id:
        return visible_documents(user, Role.REVIEWER).filter(pk=check.document_id).exists()
    if check.batch_id:
        return visible_batches(user, Role.REVIEWER).filter(pk=check.batch_id).exists()
    return Collection.objects.for_role(user, Role.REVIEWER).filter(pk=check.collection_id).exists()


@require_POST
def quality_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take what was typed for a line, or which of two readings is right."""
    check = get_object_or_404(_visible_checks(request.user), pk=pk)
    if not _may_judge(request.user, check):
        raise Http404
    key = request.POST.get("line", "")
    line = (
        check.lines.filter(
            visible_documents(request.user).contain("text__page__document_id"), pk=int(key), verdict=""
        ).first()
        if key.isdecimal() and len(key) < 19
        else None
    )
    if line is None:
        return redirect(check)  # judged in another window meanwhile
    verdict = request.POST.get("verdict", "")
    if verdict == CheckedLine.Verdict.UNREADABLE or (line.typed and verdict in (line.Verdict.TEXT, line.Verdict.TYPED)):
        quality.judge(line, verdict, by=request.user)
    elif not line.typed:
        if not request.POST.get("typed", "").strip():
            return _shown(request, check, _("Type what stands in the picture, or say that it cannot be read."))
        quality.type_in(line, request.POST["typed"], by=request.user)
    return redirect(check)
