"""Of some thousand documents the pages in one language are found by the index alone; so are the documents of a tag."""

from django.db import migrations, models

# By hand: Django makes the table of a many-to-many field, and no index on both of its columns in this order.
TAG_DOCUMENTS = "CREATE INDEX IF NOT EXISTS tag_documents ON documents_document_tags (tag_id, document_id)"


class Migration(migrations.Migration):
    dependencies = [("documents", "0016_quicker_lists")]
    operations = [
        migrations.AddIndex("page", models.Index(fields=["document", "languages", "language"], name="page_languages")),
        migrations.RunSQL(TAG_DOCUMENTS, "DROP INDEX IF EXISTS tag_documents"),
    ]
