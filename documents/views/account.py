"""A person's own page: the keys with which programs act for him."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from documents.forms import TokenForm
from documents.models import ApiToken
from documents.pipeline.tokens import make_token


@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Show the person's tokens."""
    return _page(request, TokenForm())


def _page(request: HttpRequest, form: TokenForm, *, key: str = "", status: int = 200) -> HttpResponse:
    tokens = ApiToken.objects.filter(owner=request.user)
    context = {"tokens": tokens, "form": form, "key": key, "docs": reverse("api:openapi-view")}
    return render(request, "documents/account.html", context, status=status)


@require_POST
@never_cache
def token_make(request: HttpRequest) -> HttpResponse:
    """Make a token and show it, this once."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    return _page(request, TokenForm(), key=make_token(request.user, form.cleaned_data["name"]))


@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a token away: programs that use it are let in no more."""
    get_object_or_404(ApiToken, pk=pk, owner=request.user).delete()
    messages.success(request, _("The token was revoked. Programs that use it are not let in any more."))
    return redirect("account")
