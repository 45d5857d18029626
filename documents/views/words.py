"""What the dictionary and the vocabulary have to do with the words of a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from documents.models import Role, VocabularyTerm, latest_reading
from documents.pipeline.suggesting import suggestions
from documents.pipeline.texts import clean
from documents.views.access import get_page
from documents.views.marking import doubtful_words, shown_lines
from documents.views.writing import number

LONGEST_TERM = 100  # characters, as the column holds


@require_GET
def page_suggestions(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer {name: [what it may have been...]} for the words of the page that are sure to less than `below` %."""
    found = get_page(request.user, pk)
    below = min(number(request.GET.get("below", "")) or 0, 100) / 100
    return JsonResponse(suggestions(doubtful_words(shown_lines(found, latest_reading(found)), below), found))


@require_POST
def page_vocabulary(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a word to the vocabulary of the page's document, so that it is known from now on. Answers {"said": ...}."""
    found = get_page(request.user, pk, Role.REVIEWER)
    term = clean(request.POST.get("term", "")).strip()
    if not term or len(term) > LONGEST_TERM:
        return JsonResponse({"said": _("This cannot be added; choose a word or a few.")}, status=422)
    VocabularyTerm.objects.get_or_create(term=term, document=found.document, tag=None, defaults={"language": ""})
    return JsonResponse({"said": _("“%(term)s” is in the vocabulary of this document now.") % {"term": term}})
