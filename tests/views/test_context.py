"""What every screen shows of the system."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from documents.pipeline import health
from documents.views.context import system_state

pytestmark = pytest.mark.django_db


def test_it_tells_signed_in_people_what_is_wrong(as_alice):
    health.beat(health.SWEEPER, problems=["Redis does not answer."])
    assert "Redis does not answer." in as_alice.get(reverse("library")).text


def test_it_tells_strangers_nothing(rf):
    request = rf.get("/")
    assert system_state(request) == {}
    request.user = AnonymousUser()
    assert system_state(request) == {}
