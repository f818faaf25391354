"""The Django application of the archive area."""

from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "rostrum.areas.archive"
    label = "archive"
    default_auto_field = "django.db.models.BigAutoField"
