"""The Django application of the publishing area."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "rostrum.areas.publishing"
    label = "publishing"
    default_auto_field = "django.db.models.BigAutoField"
