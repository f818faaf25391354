"""The Django application of the moderation area."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "rostrum.areas.moderation"
    label = "moderation"
    default_auto_field = "django.db.models.BigAutoField"
