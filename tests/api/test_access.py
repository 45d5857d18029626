"""Every call of the API against every role. The calls come from the API's own description: none can be forgotten."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from documents.api.site import api
from documents.models import ApiToken, ExportJob
from tests.api.conftest import program_of
from tests.scenes import make_read_page

pytestmark = pytest.mark.django_db

CALLS = sorted(
    (method, path) for path, methods in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items()
    for method in methods
)  # fmt: skip
OF_ONE = [call for call in CALLS if "{" in call[1]]


@pytest.fixture
def secret(alice):
    """A page that alice keeps for herself, with its export."""
    page = make_read_page(alice, "topsecret", scope=str(alice.pk), title="topsecret")
    default_storage.delete(page.document.original)
    default_storage.save(page.document.original, ContentFile(b"topsecret"))
    default_storage.delete("exports/secret")
    default_storage.save("exports/secret", ContentFile(b"topsecret"))
    ExportJob.objects.create(
        owner=alice, title="topsecret", state="done", file="exports/secret", file_name="x.txt", mime="text/plain"
    )
    return page


def ask(client: Client, call: tuple[str, str], page: Any) -> Any:
    """Make the call about this page, its document, or the export."""
    method, path = call
    keys = {"documents": page.document_id, "pages": page.pk, "exports": ExportJob.objects.get().pk, "search": 0}
    path = path.replace("{pk}", str(keys[path.split("/")[3]])).replace("{name}", "txt")
    body = {"documents": [page.document_id], "pages": [page.pk], "formats": ["txt"]}
    if method == "post" and "exports" in path:
        return client.post(path, json.dumps(body), content_type="application/json")
    return getattr(client, method)(path, {"q": "topsecret"} if method == "get" else None)


def content(answer: Any) -> bytes:
    return answer.getvalue() if answer.streaming else answer.content


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
@pytest.mark.parametrize("header", [None, "Bearer", "Bearer wrong", "Basic YWxpY2U6YWxpY2U="])
def test_nobody_comes_in_without_a_token(call, secret, header):
    client = Client(headers={"Authorization": header} if header else {})
    answer = ask(client, call, secret)
    assert answer.status_code == 401
    assert "token" in answer.json()["message"]


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_a_session_is_no_token(client, alice, call, secret):
    client.force_login(alice)
    assert ask(client, call, secret).status_code == 401


@pytest.mark.parametrize("call", OF_ONE, ids=" ".join)
def test_what_another_person_keeps_for_herself_is_not_found(call, secret, bob):
    before = ExportJob.objects.count()
    answer = ask(program_of(bob), call, secret)
    assert answer.status_code == 404
    assert ExportJob.objects.count() == before


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_nothing_that_another_person_keeps_for_herself_is_told(call, secret, bob):
    assert b"topsecret" not in content(ask(program_of(bob), call, secret))


@pytest.mark.parametrize("call", OF_ONE, ids=" ".join)
def test_its_owner_finds_it(call, secret, alice):
    assert ask(program_of(alice), call, secret).status_code in (200, 204)


@pytest.mark.parametrize("call", [call for call in OF_ONE if "exports" not in call[1]], ids=" ".join)
def test_superusers_find_everything(call, secret, admin):
    assert ask(program_of(admin), call, secret).status_code == 200


@pytest.mark.parametrize("call", OF_ONE, ids=" ".join)
def test_numbers_larger_than_the_database_can_hold_are_not_found(call, program):
    method, path = call
    assert getattr(program, method)(path.replace("{pk}", "9" * 30).replace("{name}", "txt")).status_code == 404


def test_a_token_that_was_revoked_opens_nothing(program):
    assert program.get("/api/v1/documents").status_code == 200
    ApiToken.objects.all().delete()
    assert program.get("/api/v1/documents").status_code == 401


@pytest.mark.parametrize("name", ["openapi-view", "openapi-json"])
def test_the_description_is_for_people_who_are_signed_in(client, alice, name):
    address = reverse(f"api:{name}")
    assert client.get(address)["Location"].startswith(reverse("login"))
    client.force_login(alice)
    assert client.get(address).status_code == 200
