"""The key fields of an invoice or receipt, beside its scan."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from documents.fields.amounts import CURRENCIES
from documents.fields.checks import CASH, FUTURE, ITEMS, RATE, SUM, TAX_SHARE, UNKNOWN_CURRENCY, Check
from documents.models import FieldName, Page, Role
from documents.pipeline import fields
from documents.pipeline.fields import InvalidField
from documents.views.access import get_page, may
from documents.views.export import selection

SURE, LIKELY = 0.85, 0.6
"""Confidence from which a field is shown as sure, and as likely; below it is doubtful."""

SENTENCES = {
    (SUM, True): gettext_lazy("Net and tax make the total: %(net)s and %(tax)s are %(total)s."),
    (CASH, True): gettext_lazy("Cash less change makes the total: %(paid)s less %(change)s is %(total)s."),
    (CASH, False): gettext_lazy("What was paid less the change does not make the total %(total)s."),
    (ITEMS, True): gettext_lazy("The %(count)s items add up."),
    (RATE, True): gettext_lazy("The tax %(tax)s is %(rate)s %% of the net amount."),
    (TAX_SHARE, False): gettext_lazy("The tax %(tax)s is too much for a total of %(total)s."),
    (FUTURE, False): gettext_lazy("The date %(date)s has not come yet."),
    (UNKNOWN_CURRENCY, False): gettext_lazy("%(currency)s is not a currency that we know."),
}  # fmt: skip


@require_GET
def page_fields(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the key fields of a page as a form beside the scan."""
    return _screen(request, get_page(request.user, pk))


def _screen(request: HttpRequest, page: Page, problem: InvalidField | None = None) -> HttpResponse:
    found = fields.fields_of(page)
    typed = request.POST if problem else {}
    siblings = page.document.pages
    context = {
        "page": page,
        "document": page.document,
        "rows": [_row(one, typed.get(one.name, one.value), problem) for one in found.fields],
        "checks": [(one, sentence(one)) for one in found.checks],
        "currencies": CURRENCIES,
        "can_change": may(request.user, page.document, Role.REVIEWER),
        "is_saved": any(one.saved for one in found.fields),
        "previous_page": siblings.filter(number__lt=page.number).order_by("-number").only("pk").first(),
        "next_page": siblings.filter(number__gt=page.number).order_by("number").only("pk").first(),
    }
    return render(request, "documents/fields.html", context, status=422 if problem else 200)


def sentence(one: Check) -> str:
    """Return what a check says, for people."""
    return str(SENTENCES[one.name, one.holds]) % one.parts


def _row(one: fields.ShownField, value: str, problem: InvalidField | None) -> dict[str, Any]:
    """Return a field for the form; its place on the scan is shown as long as its value is the one that stands there."""
    found = one.found if one.is_found else None
    return {
        "name": one.name, "label": one.label, "value": value, "found": one.found, "saved": one.saved,
        "box": found.box if found else None,
        "certainty": _certainty(one),
        "percent": round(100 * found.confidence) if found else None,
        "problem": str(problem) if problem and problem.name == one.name else "",
    }  # fmt: skip


def _certainty(one: fields.ShownField) -> str:
    if one.saved:
        return "saved"
    if one.found is None:
        return "missing"
    return "sure" if one.found.confidence >= SURE else "likely" if one.found.confidence >= LIKELY else "doubtful"


@require_POST
def page_fields_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the fields as they are in the form."""
    page = get_page(request.user, pk, Role.REVIEWER)
    try:
        fields.save_fields(page, {name: request.POST.get(name, "") for name in FieldName.values}, author=request.user)
    except InvalidField as problem:
        return _screen(request, page, problem)
    messages.success(request, _("The fields are saved."))
    return redirect("page-fields", page.pk)


@require_GET
def fields_csv(request: HttpRequest) -> HttpResponse:
    """Send the fields of the chosen documents or pages (as for an export) as a CSV file."""
    chosen = selection(request.user, request.GET)
    if not chosen.items:
        messages.warning(request, _("Tick the documents first, or choose all that were found."))
        return redirect("library")
    response = StreamingHttpResponse(fields.csv_of(chosen.items), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="key-fields.csv"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
