"""Rows as lines of JSON and back, column by column, whatever models there will be."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import batched
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

LEFT_OUT = frozenset({
    "apitoken", "exportjob", "heartbeat", "indexword", "indexstate", "draft", "bulkchange",
})  # fmt: skip
"""Tables that are made anew, or are of no use elsewhere: keys, files of exports, signs of life, the search index,
what somebody has not saved yet, work in progress."""

ROWS = 500  # rows per INSERT

Model = type[models.Model]


def tables() -> dict[str, Model]:
    """Return the models whose rows make the archive, by the name of their table, with those that join two others."""
    found: dict[str, Model] = {}
    for model in apps.get_app_config("documents").get_models():
        if model._meta.model_name not in LEFT_OUT:
            joins = [field.remote_field.through for field in model._meta.local_many_to_many]
            found |= {one._meta.db_table: one for one in (model, *joins)}
    return dict(sorted(found.items()))


def columns(model: Model) -> list[str]:
    """Return the names of the table's columns, as the models call them."""
    return [field.attname for field in model._meta.local_concrete_fields]


@contextmanager
def snapshot() -> Iterator[None]:
    """Read the database as it is now, while others go on writing."""
    if connection.in_atomic_block:
        yield
        return
    begin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY" if connection.vendor == "postgresql" else "BEGIN"
    with connection.cursor() as cursor:
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def lines(model: Model, names: dict[Model, dict[int, str]]) -> Iterator[bytes]:
    """Yield the table's rows as lines of JSON in the order of their keys; `names` are those of users and groups."""
    told = [names.get(field.related_model) if field.is_relation else None for field in model._meta.local_concrete_fields]
    rows = model._base_manager.order_by("pk").values_list(*columns(model))
    for row in rows.iterator(chunk_size=ROWS):
        values = [value if known is None or value is None else known[value] for value, known in zip(row, told)]
        yield json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def names() -> dict[Model, dict[int, str]]:
    """Return the names of users and groups by their keys."""
    users = get_user_model().objects.values_list("pk", "username")
    return {get_user_model(): dict(users), Group: dict(Group.objects.values_list("pk", "name"))}


def take_in(model: Model, known: list[str], told: Iterable[bytes], keys: dict[Model, dict[str, int]]) -> int:
    """Insert rows told as lines of the columns `known`; columns of ours that are not told get their default.

    Return how many. Dates of making stay as they are told: the models would set them to now.
    """
    fields = model._meta.local_concrete_fields
    places = {name: place for place, name in enumerate(known)}
    quoted = [connection.ops.quote_name(name) for name in (model._meta.db_table, *(field.column for field in fields))]
    sql = f"INSERT INTO {quoted[0]} ({', '.join(quoted[1:])}) VALUES ({', '.join(['%s'] * len(fields))})"
    count = 0
    with connection.cursor() as cursor:
        for batch in batched(told, ROWS):
            rows = [json.loads(line) for line in batch]
            cursor.executemany(sql, [[_value(field, row, places, keys) for field in fields] for row in rows])
            count += len(rows)
    return count


def _value(field: Any, row: list[Any], places: dict[str, int], keys: dict[Model, dict[str, int]]) -> Any:
    place = places.get(field.attname)
    if place is None:
        return field.get_db_prep_save(field.get_default(), connection)
    value = row[place]
    if value is not None and field.is_relation:
        return keys[field.related_model][value] if field.related_model in keys else value
    return field.get_db_prep_save(field.to_python(value), connection)


def count_on(taken: Iterable[Model]) -> None:
    """Let new rows be numbered after those that were taken in."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), list(taken)):
            cursor.execute(sql)
