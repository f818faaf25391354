"""The Django application of the disclosure area."""

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "rostrum.areas.disclosure"
    label = "disclosure"
    default_auto_field = "django.db.models.BigAutoField"
