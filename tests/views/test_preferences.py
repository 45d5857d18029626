"""How a person likes the desk is kept for that person."""

from __future__ import annotations

import pytest
from django.urls import reverse

from documents.models import ReviewPreference
from tests.scenes import make_read_page

pytestmark = pytest.mark.django_db
LIKES = {"layout": "above", "boxes": "line", "doubtful_below": 70, "poor_below": 30}


def test_it_remembers_the_desk_of_each_person(as_alice, alice, bob):
    assert as_alice.post(reverse("review-preferences"), LIKES).status_code == 204
    page = make_read_page(alice, "Hello")
    assert 'data-layout="above"' in as_alice.get(page.get_absolute_url()).text
    as_alice.force_login(bob)
    assert 'data-layout="beside"' in as_alice.get(page.get_absolute_url()).text


@pytest.mark.parametrize("wrong", [{"layout": "upside-down"}, {"doubtful_below": 101}, {"poor_below": "x"}])
def test_it_keeps_nothing_that_makes_no_sense(as_alice, wrong):
    assert as_alice.post(reverse("review-preferences"), LIKES | wrong).status_code == 422
    assert not ReviewPreference.objects.exists()
