"""Indexes for lists of one person's, collection's or status's newest documents; and PostgreSQL's of titles."""

from django.conf import settings
from django.db import migrations, models

from documents.search.postgres import titles


def index_titles(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(titles("page_search"))


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0014_batches'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='document',
            name='document_status',
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['status', '-created_at', '-id'], name='document_status_newest'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['owner', '-created_at', '-id'], name='document_owner_newest'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['collection', '-created_at', '-id'], name='document_collection_newest'),
        ),
        migrations.RunPython(index_titles, migrations.RunPython.noop),
    ]
