"""Every address against every role: what a person may not see is not found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import URLPattern, get_resolver, reverse

from documents.models import (
    ApiToken,
    BulkChange,
    Collection,
    Comment,
    Document,
    ExportJob,
    Page,
    QualityCheck,
    Replacement,
    SavedSearch,
)  # fmt: skip
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
    "quality-check": QualityCheck, "quality-answer": QualityCheck, "comment-settle": Comment,
    "replacement-undo": Replacement, "export-download": ExportJob, "export-delete": ExportJob, "token-revoke": ApiToken,
    "search-forget": SavedSearch, "change": BulkChange, "change-stop": BulkChange, "collection": Collection,
    "collection-role": Collection, "collection-role-remove": Collection, "collection-delete": Collection,
}  # fmt: skip
"""What has a number of its own, and whose it is a number of. What its owner may do is told in tests/views."""
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


def every_pattern(patterns: Any, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield all patterns of the whole site with an address that fits them: numbers are 1, everything else is x."""
    for pattern in patterns:
        address = prefix + NUMBER.sub("1", str(pattern.pattern)).removesuffix("$")
        address = re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]*>", "x", address).lstrip("^")
        if isinstance(pattern, URLPattern):
            yield address, pattern
        else:
            yield from every_pattern(pattern.url_patterns, address)


NUMBER = re.compile(r"<int:\w+>")
EVERYWHERE = dict(every_pattern(get_resolver().url_patterns))
FOR_STRANGERS = {"healthz", "login", "logout"}
"""The addresses that answer somebody who has not signed in."""


def test_no_address_of_the_whole_site_shows_strangers_anything(client, alice):
    make_page(alice)
    for address, pattern in EVERYWHERE.items():
        answer = client.get(f"/{address}")
        if pattern.name not in FOR_STRANGERS:
            assert answer.status_code in (301, 302, 401, 404, 405), address
        assert answer.status_code != 302 or "login" in answer["Location"], address
        assert b"secret" not in b"".join(answer), address


def test_the_admin_shows_nothing_to_those_who_are_no_admins(client, alice):
    make_page(alice)
    client.force_login(alice)
    addresses = [address for address in EVERYWHERE if address.startswith(settings.ADMIN_PATH)]
    assert len(addresses) > 50
    for address in addresses:
        answer = client.get(f"/{address}")
        is_admins = EVERYWHERE[address].name not in FOR_STRANGERS
        assert answer.status_code in ((301, 302, 403, 404, 405) if is_admins else (200, 302, 405)), address
        assert b"secret" not in b"".join(answer), address


@pytest.fixture
def hers(alice) -> dict[type, int]:
    """One of everything that alice has for herself, by its kind."""
    page = make_page(alice, scope=str(alice.pk))
    things = [
        QualityCheck.objects.create(document=page.document, lines_total=1, started_by=alice),
        Comment.objects.create(document=page.document, author=alice, text="secret"),
        Replacement.objects.create(author=alice, before="secret", after="x"),
        ExportJob.objects.create(owner=alice, title="secret", state=ExportJob.State.DONE, file=page.picture),
        ApiToken.objects.create(owner=alice, name="secret", digest="x"),
        SavedSearch.objects.create(owner=alice, name="secret", typed="secret"),
        BulkChange.objects.create(owner=alice, action="tag", argument="secret", total=1),
        Collection.objects.create(owner=alice, name="secret"),
    ]
    return {type(thing): thing.pk for thing in things}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", OF_ONE_PERSON)
def test_it_does_not_find_what_belongs_to_another_person(client, bob, hers, name, method):
    model = OF_ONE_PERSON[name]
    before = model.objects.values().get(pk=hers[model])
    client.force_login(bob)
    args = [hers[model], 1] if name == "collection-role-remove" else [hers[model]]
    answer = getattr(client, method)(reverse(name, args=args))
    assert answer.status_code in (404, 405)
    assert b"secret" not in answer.content
    assert model.objects.values().get(pk=hers[model]) == before


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


@pytest.mark.parametrize("name", sorted(FOR_ADMINS))
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
