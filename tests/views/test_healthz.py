"""What monitoring is told."""

from __future__ import annotations

import pytest
from django.urls import reverse

from documents.pipeline import health

pytestmark = pytest.mark.django_db


def test_it_is_degraded_while_no_sweeper_lives(client):
    answer = client.get(reverse("healthz"))
    assert answer.json() == {"status": "degraded", "sweeper_alive": False, "problems": 0}
    assert "no-cache" in answer["Cache-Control"]


def test_it_is_well_when_the_sweeper_has_nothing_to_complain_of(client):
    health.beat(health.SWEEPER, problems=[])
    assert client.get(reverse("healthz")).json()["status"] == "ok"


def test_it_counts_problems_without_telling_strangers_what_they_are(client):
    health.beat(health.SWEEPER, problems=["The disk is full."])
    answer = client.get(reverse("healthz"))
    assert answer.json() == {"status": "degraded", "sweeper_alive": True, "problems": 1}


def test_it_takes_no_posts(client):
    assert client.post(reverse("healthz")).status_code == 405
