"""What the dictionary and the vocabulary have to do with the words of a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from documents.models import Role, VocabularyTerm
from documents.pipeline.suggesting import suggestions
from documents.pipeline.texts import clean
from documents.views.access import get_page

LONGEST_TERM = 100  # characters, as the column holds


@require_POST
def page_suggestions(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer {word: [what it may have been...]} for the doubtful words that are posted as `word`."""
    found = get_page(request.user, pk, Role.REVIEWER)
    return JsonResponse(suggestions(request.POST.getlist("word"), found.language, found.document))


@require_POST
def page_vocabulary(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a word to the vocabulary of the page's document, so that it is known from now on. Answers {"said": ...}."""
    found = get_page(request.user, pk, Role.REVIEWER)
    term = clean(request.POST.get("term", "")).strip()
    if not term or len(term) > LONGEST_TERM:
        return JsonResponse({"said": _("This cannot be added; choose a word or a few.")}, status=422)
    VocabularyTerm.objects.get_or_create(term=term, document=found.document, tag=None, defaults={"language": ""})
    return JsonResponse({"said": _("“%(term)s” is in the vocabulary of this document now.") % {"term": term}})
