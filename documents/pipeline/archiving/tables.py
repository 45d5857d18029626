"""Rows as lines of JSON and back, column by column, whatever models there will be."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, time
from itertools import islice
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.color import no_style
from django.db import connection, models

from documents.models import Document

LEFT_OUT = frozenset({
    "apitoken", "exportjob", "heartbeat", "indexword", "indexstate", "bulkchange",
})  # fmt: skip
"""Tables that are made anew or are of no use elsewhere: keys, exports, signs of life, the search index, work that is
half done."""

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
    told = [_names_of(field, names) for field in model._meta.local_concrete_fields]
    rows = model._base_manager.order_by(_order(model)).values_list(*columns(model))
    for row in rows.iterator(chunk_size=ROWS):
        values = [
            value if known is None or value is None else known[value] for value, known in zip(row, told, strict=True)
        ]
        # PostgreSQL keeps no order of keys, so we have one of our own: equal rows must have equal hashes.
        yield (
            json.dumps(values, default=_text, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
            + b"\n"
        )


def _text(value: Any) -> str:
    """Return what JSON cannot hold as text. Django's own encoder would cut a moment to milliseconds."""
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _names_of(field: Any, names: dict[Model, dict[int, str]]) -> dict[Any, str] | None:
    """Return the names for the keys that a column holds, None for columns that are told as they are."""
    if _is_scope(field):
        return {"": ""} | {str(key): name for key, name in names[get_user_model()].items()}
    return names.get(field.related_model) if field.is_relation else None


def _is_scope(field: Any) -> bool:
    """Whether this is the column of a document that holds a user's key as a text (see `Document`)."""
    return field.model is Document and field.name == "scope"


def _order(model: Model) -> str:
    """Return what to sort by, the same on every site: a person's key is his name."""
    key = model._meta.pk
    return f"{key.name}__username" if key.is_relation and key.related_model is get_user_model() else "pk"


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
    read = [_reader(field, places.get(field.attname), keys) for field in fields]
    quoted = [connection.ops.quote_name(name) for name in (model._meta.db_table, *(field.column for field in fields))]
    sql = f"INSERT INTO {quoted[0]} ({', '.join(quoted[1:])}) VALUES ({', '.join(['%s'] * len(fields))})"
    count, lines_left = 0, iter(told)
    with connection.cursor() as cursor:
        while rows := [json.loads(line) for line in islice(lines_left, ROWS)]:
            cursor.executemany(sql, [[value_in(row) for value_in in read] for row in rows])
            count += len(rows)
    return count


def _reader(field: Any, place: int | None, keys: dict[Model, dict[str, int]]) -> Callable[[list[Any]], Any]:
    """Return what takes a column's value out of a told row, as the database wants it."""
    if place is None:
        return lambda row: field.get_db_prep_save(field.get_default(), connection)
    known: dict[Any, Any] | None = keys.get(field.related_model) if field.is_relation else None
    if _is_scope(field):
        known = {"": ""} | {name: str(key) for name, key in keys[get_user_model()].items()}
    if known is not None:
        return lambda row: None if row[place] is None else known[row[place]]
    if field.is_relation:
        return lambda row: row[place]
    return lambda row: field.get_db_prep_save(field.to_python(row[place]), connection)


def count_on(taken: Iterable[Model]) -> None:
    """Let new rows be numbered after those that were taken in."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), list(taken)):
            cursor.execute(sql)
