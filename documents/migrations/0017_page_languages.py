"""Of some thousand documents the pages in one language are found by the index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0016_quicker_lists")]
    operations = [
        migrations.AddIndex("page", models.Index(fields=["document", "languages", "language"], name="page_languages")),
    ]
