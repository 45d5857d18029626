"""The full-text index of PostgreSQL; SQLite has had its own since 0002."""

from django.db import migrations

from documents.search.postgres import SCHEMA


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in SCHEMA:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("documents", "0007_exports_and_tokens")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
