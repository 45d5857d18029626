"""Lists that are read from indexes alone; and PostgreSQL's index of words, which can be asked for the newest pages."""

from django.conf import settings
from django.db import migrations, models

from documents.search.postgres import gin

FIRST = {"newest": [], "status_newest": ["status"], "owner_newest": ["owner"], "collection_newest": ["collection"]}
OTHERS = {
    "newest": ["owner", "collection"], "status_newest": ["owner", "collection"], "owner_newest": ["collection"],
    "collection_newest": ["owner"],
}  # fmt: skip


def index_blocks(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("DROP INDEX IF EXISTS page_search_vector")
    schema_editor.execute("ALTER TABLE page_search ADD COLUMN IF NOT EXISTS document_id bigint")
    schema_editor.execute(
        "UPDATE page_search s SET document_id = p.document_id FROM documents_page p "
        "WHERE p.id = s.page_id AND s.document_id IS NULL"
    )
    schema_editor.execute("ALTER TABLE page_search ALTER COLUMN document_id SET NOT NULL")
    schema_editor.execute(gin("page_search"))


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0015_list_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        *(migrations.RemoveIndex("document", f"document_{name}") for name in FIRST),
        *(
            migrations.AddIndex(
                "document",
                models.Index(
                    fields=[*first, "-created_at", "-id", "scope", *OTHERS[name], "bin_of", "document_type"],
                    name=f"document_{name}",
                ),
            )
            for name, first in FIRST.items()
        ),
        migrations.RunPython(index_blocks, migrations.RunPython.noop),
    ]
