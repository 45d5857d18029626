"""The full-text index. A table of its own, so that no later migration of a model can drop anything of it."""

from django.db import migrations

from documents.search.sqlite import SCHEMA


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [migrations.RunSQL([SCHEMA], ["DROP TABLE IF EXISTS page_fts"])]
