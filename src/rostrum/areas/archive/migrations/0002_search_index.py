"""The search index, in the form the database has for it (see archive/search/)."""

from django.db import migrations

SQLITE = (
    (
        "CREATE VIRTUAL TABLE archive_words USING fts5("
        "words, content='', columnsize=0, tokenize=\"ascii tokenchars '#@_.-:'\")"
    ),
)
POSTGRESQL = (
    "CREATE TABLE archive_words (key bigint PRIMARY KEY, words tsvector NOT NULL, is_long boolean NOT NULL)",
    "CREATE INDEX archive_words_gin ON archive_words USING gin (words)",
    "CREATE INDEX archive_words_long ON archive_words (key) WHERE is_long",
    (
        "CREATE TABLE archive_words_part (key bigint NOT NULL REFERENCES archive_words (key) ON DELETE CASCADE,"
        " number integer NOT NULL, words tsvector NOT NULL, PRIMARY KEY (key, number))"
    ),
)


def create(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TABLE archive_words_part")
    schema_editor.execute("DROP TABLE archive_words")


class Migration(migrations.Migration):
    dependencies = [("archive", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
