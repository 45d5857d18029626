"""Tokens: made and shown once, revoked, nobody else's."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from documents.models import ApiToken
from documents.pipeline.tokens import make_token, token_of

pytestmark = pytest.mark.django_db

ACCOUNT, MAKE = reverse("account"), reverse("token-make")


def test_it_shows_a_new_token_once(as_alice, alice):
    answer = as_alice.post(MAKE, {"name": "<scanner>"})
    key = re.search(r'id="key">([^<]+)<', answer.text)[1]
    assert token_of(key).owner == alice
    assert "no-store" in answer["Cache-Control"]
    shown = as_alice.get(ACCOUNT).text
    assert key not in shown
    assert "&lt;scanner&gt;" in shown


def test_it_keeps_no_key(alice):
    key = make_token(alice, "scanner")
    assert key not in str(ApiToken.objects.values().get())
    assert len(key) > 40


@pytest.mark.parametrize("name", ["", "x" * 61])
def test_it_wants_a_name(as_alice, name):
    assert as_alice.post(MAKE, {"name": name}).status_code == 422
    assert not ApiToken.objects.exists()


def test_a_revoked_token_opens_nothing(as_alice, alice):
    key = make_token(alice, "scanner")
    as_alice.post(reverse("token-revoke", args=[ApiToken.objects.get().pk]))
    assert token_of(key) is None


def test_the_token_of_somebody_who_may_not_sign_in_opens_nothing(alice):
    key = make_token(alice, "scanner")
    alice.is_active = False
    alice.save()
    assert token_of(key) is None


def test_nobody_revokes_another_persons_token(as_bob, alice):
    make_token(alice, "scanner")
    assert as_bob.post(reverse("token-revoke", args=[ApiToken.objects.get().pk])).status_code == 404
    assert "scanner" not in as_bob.get(ACCOUNT).text
    assert ApiToken.objects.exists()


def test_it_notes_the_use_once_a_minute(alice, django_assert_num_queries):
    key = make_token(alice, "scanner")
    with django_assert_num_queries(2):
        token_of(key)
    assert ApiToken.objects.get().used_at
    with django_assert_num_queries(1):
        token_of(key)


def test_the_admin_makes_a_token_for_a_person(client, admin, alice):
    client.force_login(admin)
    answer = client.post(reverse("admin:documents_apitoken_add"), {"owner": alice.pk, "name": "scanner"}, follow=True)
    key = re.search(r"The token is ([\w-]+);", answer.text)[1]
    assert token_of(key).owner == alice
    client.post(reverse("admin:documents_apitoken_delete", args=[ApiToken.objects.get().pk]), {"post": "yes"})
    assert token_of(key) is None


def test_only_superusers_see_tokens_in_the_admin(client, alice):
    alice.is_staff = True
    alice.save()
    client.force_login(alice)
    assert client.get(reverse("admin:documents_apitoken_changelist")).status_code == 403
