"""Every address against every role: what a person may not see is not found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from documents.models import Collection, Document, Page
from documents.urls import urlpatterns
from tests.scenes import make_read_page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("full_window")]


@dataclass(frozen=True)
class Address:
    """How an address is asked for: what its number means, how, and what somebody gets who may see the thing."""

    of: str
    method: str = "get"
    answer: int = 200


GENERAL = {
    "library": Address("nothing"),
    "upload": Address("nothing"),
    "search": Address("nothing"),
    "search-suggest": Address("nothing"),
    "search-save": Address("nothing", "post", 302),
    "change-start": Address("nothing", "post", 302),
    "collections": Address("nothing"),
    "review-preferences": Address("nothing", "post", 422),
    "exports": Address("nothing"),
    "account": Address("nothing"),
    "token-make": Address("nothing", "post", 422),
    "export-choose": Address("nothing", answer=302),
    "fields-csv": Address("nothing", answer=302),
    "quality": Address("nothing"),
    "quality-start": Address("nothing", "post", 404),
    "queue": Address("nothing"),
    "queue-next": Address("nothing", "post", 302),
    "export-start": Address("nothing", "post", 302),
}
OF_DOCUMENTS = {
    "document": Address("document"),
    "document-progress": Address("document"),
    "document-edit": Address("document", "post", 422),
    "document-retry": Address("document", "post", 302),
    "document-cancel": Address("document", "post", 302),
    "document-original": Address("document"),
    "document-text": Address("document"),
    "page": Address("page"),
    "page-status": Address("page"),
    "page-hits": Address("page"),
    "page-save": Address("page", "post", 409),
    "page-approve": Address("page", "post", 302),
    "page-withdraw": Address("page", "post", 302),
    "page-draft": Address("page", "post"),
    "page-suggestions": Address("page"),
    "page-vocabulary": Address("page", "post", 422),
    "page-versions": Address("page"),
    "page-places": Address("page"),
    "page-replace": Address("page", "post", 302),
    "page-restore": Address("version", "post", 302),
    "page-again": Address("page", "post", 302),
    "page-picture": Address("page"),
    "page-fields": Address("page"),
    "page-reserve": Address("page", "post", 302),
    "page-release": Address("page", "post", 302),
    "page-second-look": Address("page", "post", 302),
    "page-comments": Address("page"),
    "page-comment": Address("page", "post", 422),
    "document-comments": Address("document"),
    "document-pages": Address("document"),
    "document-arrange": Address("document", "post", 302),
    "document-comment": Address("document", "post", 422),
    "page-fields-save": Address("page", "post", 302),
    "thumbnail": Address("page"),
}
OPEN_TO_ALL = {"healthz"}
OF_ONE_PERSON = {
    "quality-check", "quality-answer",  # tests/views/test_quality.py
    "comment-settle",  # tests/views/test_queue.py
    "replacement-undo",  # tests/views/test_replacing.py: nobody takes back what another person did
    "export-download", "export-delete",  # tests/views/test_export.py
    "token-revoke",  # tests/views/test_account.py
    "search-forget", "change", "change-stop",  # tests/views/test_searching.py and test_changes.py
    "collection", "collection-role", "collection-role-remove", "collection-delete",  # tests/views/test_collections.py
}  # fmt: skip
FOR_ADMINS = {"engines", "engines-model"}
LOCKED = GENERAL | OF_DOCUMENTS


def make_page(owner: Any, *, scope: str = "") -> Page:
    """Return a read page that has its files too."""
    page = make_read_page(owner, "The secret text", scope=scope)
    names = [page.document.original, f"pages/{page.pk}.jpg", f"pages/{page.pk}-small.jpg"]
    for name in names:
        default_storage.delete(name)
        default_storage.save(name, ContentFile(b"secret"))
    page.picture, page.thumbnail = names[1:]
    page.save()
    return page


def ask(client: Any, name: str, page: Page) -> Any:
    address = LOCKED[name]
    args = {"nothing": [], "document": [page.document_id], "page": [page.pk], "version": [page.pk, 1]}
    return getattr(client, address.method)(reverse(name, args=args[address.of]))


def test_it_has_every_address_in_the_matrix():
    assert {pattern.name for pattern in urlpatterns} == {*LOCKED, *OPEN_TO_ALL, *FOR_ADMINS, *OF_ONE_PERSON}


@pytest.mark.parametrize("name", LOCKED)
def test_it_asks_strangers_to_sign_in(client, alice, name):
    answer = ask(client, name, make_page(alice))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("login"))


@pytest.mark.parametrize("name", OF_DOCUMENTS)
def test_it_does_not_find_what_another_person_keeps_for_herself(client, alice, bob, name):
    page = make_page(alice, scope=str(alice.pk))
    client.force_login(bob)
    answer = ask(client, name, page)
    assert answer.status_code == 404
    assert b"secret" not in answer.content


@pytest.mark.parametrize("name", OF_DOCUMENTS)
def test_it_changes_nothing_that_another_person_keeps_for_herself(client, alice, bob, name):
    page = make_page(alice, scope=str(alice.pk))
    before = Page.objects.values().get(pk=page.pk)
    client.force_login(bob)
    ask(client, name, page)
    assert Page.objects.values().get(pk=page.pk) == before


@pytest.mark.parametrize("name", LOCKED)
@pytest.mark.parametrize("who", ["alice", "bob", "admin"])
def test_it_opens_what_is_shared(client, request, alice, name, who):
    page = make_page(alice)
    client.force_login(request.getfixturevalue(who))
    assert ask(client, name, page).status_code == LOCKED[name].answer


@pytest.mark.parametrize("name", OF_DOCUMENTS)
@pytest.mark.parametrize("who", ["alice", "admin"])
def test_it_opens_what_is_private_to_its_owner_and_to_superusers(client, request, alice, name, who):
    page = make_page(alice, scope=str(alice.pk))
    client.force_login(request.getfixturevalue(who))
    assert ask(client, name, page).status_code == LOCKED[name].answer


@pytest.mark.parametrize("name", [name for name, address in LOCKED.items() if address.method == "post"])
def test_it_changes_nothing_by_following_a_link(client, alice, name):
    page = make_page(alice)
    client.force_login(alice)
    address = LOCKED[name]
    args = {"nothing": [], "document": [page.document_id], "page": [page.pk], "version": [page.pk, 1]}[address.of]
    assert client.get(reverse(name, args=args)).status_code == 405


@pytest.mark.parametrize("name", OF_DOCUMENTS)
def test_it_does_not_find_numbers_larger_than_the_database_can_hold(client, alice, name):
    client.force_login(alice)
    args = [10**30] * (2 if OF_DOCUMENTS[name].of == "version" else 1)
    assert getattr(client, OF_DOCUMENTS[name].method)(reverse(name, args=args)).status_code == 404


def test_it_tells_anybody_whether_it_is_alive(client):
    assert client.get(reverse("healthz")).status_code == 200


@pytest.mark.parametrize("name", FOR_ADMINS)
def test_it_opens_what_is_for_admins_to_them_alone(client, alice, admin, name):
    assert client.get(reverse(name)).status_code == 302
    client.force_login(alice)
    assert client.get(reverse(name)).status_code == 403
    client.force_login(admin)
    assert client.get(reverse(name)).status_code == 200


READS, REVIEWS, MANAGES = "reader", "reviewer", "manager"
MAY_MANAGE_ONLY = {"document-edit", "document-arrange"}


@pytest.fixture
def kept(alice, bob) -> Page:
    """A page in a collection of alice's in which bob has no role yet."""
    page = make_page(alice)
    Document.objects.filter(pk=page.document_id).update(collection=Collection.objects.create(name="Kept", owner=alice))
    page.refresh_from_db()
    return page


def give(page: Page, user: Any, role: str) -> None:
    page.document.collection.roles.create(user=user, role=role)


def role_needed(name: str) -> str:
    if OF_DOCUMENTS[name].method == "get":
        return READS
    return MANAGES if name in MAY_MANAGE_ONLY else REVIEWS


@pytest.mark.parametrize("name", OF_DOCUMENTS)
def test_it_does_not_find_what_a_collection_keeps_for_others(client, bob, kept, name):
    client.force_login(bob)
    answer = ask(client, name, kept)
    assert answer.status_code == 404
    assert b"secret" not in answer.content


@pytest.mark.parametrize("role", [READS, REVIEWS, MANAGES])
@pytest.mark.parametrize("name", OF_DOCUMENTS)
def test_it_lets_everybody_do_what_his_role_may(client, bob, kept, name, role):
    give(kept, bob, role)
    client.force_login(bob)
    before = Page.objects.values().get(pk=kept.pk)
    answer = ask(client, name, kept)
    roles = [READS, REVIEWS, MANAGES]
    if roles.index(role) >= roles.index(role_needed(name)):
        assert answer.status_code == OF_DOCUMENTS[name].answer
    else:
        assert answer.status_code == 403
        assert Page.objects.values().get(pk=kept.pk) == before
