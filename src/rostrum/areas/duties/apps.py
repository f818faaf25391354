"""The Django application of the duties area."""

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "rostrum.areas.duties"
    label = "duties"
    default_auto_field = "django.db.models.BigAutoField"
