"""The Django application of the governance area."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "rostrum.areas.governance"
    label = "governance"
    default_auto_field = "django.db.models.BigAutoField"
