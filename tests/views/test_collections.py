"""Collections: who is in them, and who may change that."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from documents.models import Collection, Document, Role
from tests.scenes import make_document, make_read_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def navy(alice) -> Collection:
    """A collection of alice's with one document."""
    collection = Collection.objects.create(name="Navy", owner=alice)
    make_read_page(alice, "a ship", title="Log", collection=collection)
    return collection


def seen_by(user) -> list[str]:
    return [document.title for document in Document.objects.visible_to(user)]


def test_only_its_owner_sees_a_new_collection_and_its_documents(navy, alice, bob, admin):
    assert (seen_by(alice), seen_by(bob), seen_by(admin)) == (["Log"], [], ["Log"])


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("by_group", [True, False])
def test_a_role_opens_it_to_a_person_or_a_group(navy, bob, role, by_group):
    group = Group.objects.create(name="sailors")
    bob.groups.add(group)
    navy.roles.create(role=role, **({"group": group} if by_group else {"user": bob}))
    assert seen_by(bob) == ["Log"]
    mine = {wanted: Document.objects.visible_to(bob, wanted).exists() for wanted in Role.values}
    assert list(mine.values()) == [Role.values.index(wanted) <= Role.values.index(role) for wanted in Role.values]


def test_an_open_collection_is_read_by_everybody_and_changed_by_none_of_them(navy, bob):
    Collection.objects.update(is_open=True)
    assert seen_by(bob) == ["Log"]
    assert not Document.objects.visible_to(bob, Role.REVIEWER).exists()


def test_a_private_document_stays_private_in_a_collection(navy, alice, bob):
    navy.roles.create(user=bob, role=Role.MANAGER)
    make_document(alice, title="Diary", collection=navy, scope=str(alice.pk))
    assert seen_by(bob) == ["Log"]


def test_somebody_without_a_role_does_not_find_it(navy, as_bob):
    assert as_bob.get(reverse("collection", args=[navy.pk])).status_code == 404
    assert "Navy" not in as_bob.get(reverse("collections")).text
    assert "Navy" not in as_bob.get(reverse("library")).text
    assert as_bob.get(reverse("search"), {"q": "ship"}).context["found"].total == 0


@pytest.mark.parametrize("role", [Role.READER, Role.REVIEWER])
@pytest.mark.parametrize("name", ["collection", "collection-role", "collection-delete"])
def test_only_managers_change_it(navy, as_bob, bob, role, name):
    navy.roles.create(user=bob, role=role)
    assert as_bob.get(reverse("collection", args=[navy.pk])).status_code == 200
    assert as_bob.post(reverse(name, args=[navy.pk]), {"name": "x", "who": "bob", "role": "manager"}).status_code == 403
    assert Collection.objects.get().name == "Navy"


def test_a_manager_gives_and_takes_roles(navy, as_alice, bob):
    url = reverse("collection-role", args=[navy.pk])
    as_alice.post(url, {"who": "BOB", "role": "reader"})
    as_alice.post(url, {"who": "bob", "role": "manager"})
    role = navy.roles.get()
    assert (role.user, role.role) == (bob, "manager")
    as_alice.post(reverse("collection-role-remove", args=[navy.pk, role.pk]))
    assert not navy.roles.exists()


def test_a_role_for_nobody_is_answered_with_a_sentence(navy, as_alice):
    answer = as_alice.post(reverse("collection-role", args=[navy.pk]), {"who": "nobody", "role": "reader"})
    assert answer.status_code == 422
    assert "no group and no user" in answer.text


def test_it_is_made_renamed_and_deleted_when_empty(as_alice, alice):
    answer = as_alice.post(reverse("collections"), {"name": "Maps"})
    collection = Collection.objects.get()
    assert (answer["Location"], collection.owner) == (collection.get_absolute_url(), alice)
    as_alice.post(collection.get_absolute_url(), {"name": "Old maps", "is_open": "on"})
    assert as_alice.post(reverse("collections"), {"name": "Old maps"}).status_code == 422
    document = make_document(alice, collection=collection)
    as_alice.post(reverse("collection-delete", args=[collection.pk]))
    assert Collection.objects.get().is_open
    document.delete()
    as_alice.post(reverse("collection-delete", args=[collection.pk]))
    assert not Collection.objects.exists()


def test_a_document_is_moved_into_a_collection_that_one_manages(as_alice, alice, bob, navy):
    document = make_document(alice)
    foreign = Collection.objects.create(name="Foreign", owner=bob, is_open=True)
    url = reverse("document-edit", args=[document.pk])
    assert as_alice.post(url, {"title": "x", "collection": foreign.pk}).status_code == 422
    as_alice.post(url, {"title": "x", "collection": navy.pk, "type_name": "Letter"})
    document.refresh_from_db()
    assert (document.collection, document.document_type.name) == (navy, "Letter")


def test_the_library_offers_only_tags_and_collections_of_what_one_sees(as_bob, navy):
    navy.documents.get().tags.create(name="quinine")
    answer = as_bob.get(reverse("library"), {"collection": navy.pk})
    assert "quinine" not in answer.text
    assert "Log" not in answer.text
