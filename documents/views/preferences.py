"""How a person likes the review desk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from documents.forms import PreferencesForm
from documents.models import ReviewPreference


@require_POST
def review_preferences(request: HttpRequest) -> HttpResponse:
    """Keep the layout, the boxes and the thresholds for this person. Answers 204, or 422 with what is wrong."""
    kept = ReviewPreference.objects.filter(pk=request.user.pk).first() or ReviewPreference(user=request.user)
    form = PreferencesForm(request.POST, instance=kept)
    if not form.is_valid():
        return JsonResponse(form.errors, status=422)
    form.save()
    return HttpResponse(status=204)
