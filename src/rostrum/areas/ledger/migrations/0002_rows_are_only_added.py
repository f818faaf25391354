"""Triggers on both engines that refuse UPDATE, DELETE and TRUNCATE on the ledger's rows."""

from django.db import migrations

from rostrum.areas.ledger import append_only


def protect(apps, schema_editor):
    append_only.protect(schema_editor.connection)


def unprotect(apps, schema_editor):
    append_only.unprotect(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(protect, unprotect)]
