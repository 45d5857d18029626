"""Programs with a token, and no worker behind the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from documents.pipeline.tokens import make_token


@pytest.fixture(autouse=True)
def no_worker(monkeypatch):
    """Let no queue take jobs, and no worker be called."""
    monkeypatch.setattr("documents.queues.room", lambda queue: 0)
    monkeypatch.setattr("documents.queues.ring_export", lambda job_id: None)
    monkeypatch.setattr("documents.queues.ring_look", lambda document_id: None)


def program_of(user: Any) -> Client:
    """Return a client that acts for `user` by a token; it would miss a check against forged requests."""
    return Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {make_token(user, 'tests')}"})


@pytest.fixture
def program(alice):
    """A program that acts for alice."""
    return program_of(alice)


@pytest.fixture
def program_of_bob(bob):
    """A program that acts for bob."""
    return program_of(bob)
