"""The Django application of the retention area."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "rostrum.areas.retention"
    label = "retention"
    default_auto_field = "django.db.models.BigAutoField"
