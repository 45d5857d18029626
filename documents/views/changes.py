"""Changes to many documents at once, and how far they are."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from documents import search
from documents.models import BulkChange
from documents.pipeline import changing
from documents.views.access import visible_documents


@require_POST
def change_start(request: HttpRequest) -> HttpResponse:
    """Begin a change to the ticked documents, or to all that a search finds; deleting is asked for twice."""
    keys = _wanted(request)
    action = request.POST.get("action", "")
    if action == "delete" and keys and "sure" not in request.POST:
        return render(request, "documents/change_sure.html", {"count": len(keys), "keys": keys})
    try:
        change = changing.start(request.user, action, request.POST.get("argument", "").replace("\x00", ""), keys)
    except changing.Refused as refused:
        messages.error(request, str(refused))
        return redirect(_back(request))
    if change.state == BulkChange.State.RUNNING:
        return redirect("change", change.pk)
    _say(request, change, len(keys))
    return redirect(_back(request))


def _wanted(request: HttpRequest) -> list[int]:
    """Return the ids of the documents meant; those that the user may not see are none."""
    if request.POST.get("all") == "on":
        return search.all_documents(search.parse(request.POST.get("q", "")), visible_documents(request.user))
    ticked = [int(key) for key in request.POST.getlist("document") if key.isdecimal() and len(key) < 19]
    return list(visible_documents(request.user).filter(pk__in=ticked[:1000]).values_list("pk", flat=True))


def _say(request: HttpRequest, change: BulkChange, wanted: int) -> None:
    if not wanted:
        messages.warning(request, _("Tick the documents first, or choose all that were found."))
        return
    said = ngettext("%d document was changed.", "%d documents were changed.", change.changed) % change.changed
    if left := wanted - change.changed:
        said += " " + ngettext(
            "%d was left as it is: you may not change it.", "%d were left as they are: you may not change them.", left
        ) % left  # fmt: skip
    messages.success(request, said) if change.changed else messages.warning(request, said)


def _back(request: HttpRequest) -> str:
    """Return the address of the search that the change was asked for from: never one on another site."""
    asked = request.POST.get("back", "")
    return asked if asked.startswith("/") and not asked.startswith(("//", "/\\")) else "search"


@require_GET
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a change is; a request by htmx gets the progress alone."""
    found = get_object_or_404(BulkChange, pk=pk, owner=request.user)
    template = "documents/_change.html" if "HX-Request" in request.headers else "documents/change.html"
    label = changing.LABELS.get(found.action, found.action)
    return render(request, template, {"change": found, "label": label})


@require_POST
def change_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave the rest undone."""
    found = get_object_or_404(BulkChange, pk=pk, owner=request.user)
    changing.stop(found)
    return redirect("change", found.pk)
