"""When a channel's next look is due, and which of its known Items is to be looked at again next."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("archive", "0002_search_index")]
    operations = [
        migrations.AddField("capturecursor", "next_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("capturecursor", "reread_to", models.BigIntegerField(default=0)),
        migrations.AlterField("capturecursor", "cursor", models.TextField(blank=True)),
    ]
