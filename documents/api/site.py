"""The API as a whole: who may come in, what errors look like, and its addresses."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required, login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError
from ninja.security import HttpBearer

from documents.api import documents, exports, search
from documents.pipeline.exporting import ExportFailed
from documents.pipeline.tokens import token_of

SIGNED_IN = ("openapi-json", "openapi-view", "api-root")
"""Names of the addresses that people open in a browser; all others are for programs with a token."""


class TokenAuth(HttpBearer):
    """`Authorization: Bearer <token>`. The request's user is the token's owner from then on."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        found = token_of(token)
        if found is None:
            return None
        request.user = found.owner
        return found


api = NinjaAPI(
    title="Lesesaal", version="1", urls_namespace="api", auth=TokenAuth(), docs_decorator=login_required,
    description="Upload scans, follow their reading, take the text away. Every call sees what its token's owner sees.",
)  # fmt: skip
api.add_router("/documents", documents.router, tags=["documents"])
api.add_router("/pages", documents.page_router, tags=["pages"])
api.add_router("/search", search.router, tags=["search"])
api.add_router("/exports", exports.router, tags=["exports"])


@api.exception_handler(AuthenticationError)
def no_token(request: HttpRequest, exc: AuthenticationError) -> HttpResponse:
    """Answer 401."""
    message = _("Send a valid token: Authorization: Bearer <token>. You make one on your account page.")
    answer = api.create_response(request, {"message": message}, status=401)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(Http404)
def not_found(request: HttpRequest, exc: Http404) -> HttpResponse:
    """Answer 404, the same for what is not there and for what the user may not see."""
    return api.create_response(request, {"message": _("There is nothing here that you may see.")}, status=404)


@api.exception_handler(PermissionDenied)
def forbidden(request: HttpRequest, exc: PermissionDenied) -> HttpResponse:
    """Answer 403 with the sentence that the screens show."""
    return api.create_response(request, {"message": str(exc)}, status=403)


@api.exception_handler(ValidationError)
def not_valid(request: HttpRequest, exc: ValidationError) -> HttpResponse:
    """Answer 422, naming every value that is wrong."""
    wrong = [f"{'.'.join(str(part) for part in error['loc'][1:])}: {error['msg']}" for error in exc.errors]
    return api.create_response(request, {"message": "; ".join(wrong)}, status=422)


@api.exception_handler(ExportFailed)
def not_exported(request: HttpRequest, exc: ExportFailed) -> HttpResponse:
    """Answer 422 with what could not be exported."""
    return api.create_response(request, {"message": str(exc)}, status=422)


def urlpatterns() -> list[URLPattern]:
    """Return the addresses; those for programs do not ask for a session: their token lets them in."""
    patterns, _app, _namespace = api.urls
    for pattern in patterns:
        if pattern.name not in SIGNED_IN:
            pattern.callback = login_not_required(pattern.callback)
    return patterns
