"""The Django application of the assurance area."""

from django.apps import AppConfig


class AssuranceConfig(AppConfig):
    name = "rostrum.areas.assurance"
    label = "assurance"
    default_auto_field = "django.db.models.BigAutoField"
