"""The Django application of the portal area."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "rostrum.areas.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"
