"""Keys with which programs act for people."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.utils.timezone import now

from documents.models import ApiToken

BYTES = 32
TOLD_EVERY = timedelta(minutes=1)
"""How often the use of a key is written down: not with every request, which would each take the write lock."""


def make_token(owner: Any, name: str, *, into: ApiToken | None = None) -> str:
    """Make a key that acts for `owner`, and return it. It is not kept: whoever loses it makes another one.

    `into` is a row that is not saved yet, as the admin has it.
    """
    key = secrets.token_urlsafe(BYTES)
    token = into or ApiToken()
    token.owner, token.name, token.digest = owner, name, _digest(key)
    token.save()
    return key


def token_of(key: str) -> ApiToken | None:
    """Return the token of this key with its owner; None when it was revoked or its owner may not sign in."""
    token = ApiToken.objects.select_related("owner").filter(digest=_digest(key), owner__is_active=True).first()
    if token and (token.used_at is None or token.used_at < now() - TOLD_EVERY):
        ApiToken.objects.filter(pk=token.pk).update(used_at=now())
    return token


def _digest(key: str) -> str:
    # The key is random and long, so that a plain hash is enough: there is nothing to guess.
    return hashlib.sha256(key.encode()).hexdigest()
