"""The Django application of the jobs area."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "rostrum.areas.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
