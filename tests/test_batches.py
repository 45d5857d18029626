"""Documents from before there were batches are put into those that they came in."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps

from documents.models import Batch, Document
from tests.scenes import make_document

pytestmark = pytest.mark.django_db


def test_what_came_with_ten_minutes_between_is_one_batch(alice, bob):
    one, two, later, hers = (make_document(who) for who in (alice, alice, alice, bob))
    start = one.created_at
    for document, minutes in ((one, 0), (two, 9), (later, 20)):
        Document.objects.filter(pk=document.pk).update(created_at=start + timedelta(minutes=minutes))
    import_module("documents.migrations.0014_batches").batch_the_old_ones(apps, None)
    batches = [Document.objects.get(pk=document.pk).batch for document in (one, two, later, hers)]
    assert batches[0] == batches[1]
    assert len({batch.pk for batch in batches}) == Batch.objects.count() == 3
    assert batches[0].created_at == start
