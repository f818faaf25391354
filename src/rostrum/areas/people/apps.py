"""The Django application of the people area."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "rostrum.areas.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
