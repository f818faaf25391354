"""The Django application of the agenda area."""

from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "rostrum.areas.agenda"
    label = "agenda"
    default_auto_field = "django.db.models.BigAutoField"
