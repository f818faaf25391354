"""The Django application of the channels area."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "rostrum.areas.channels"
    label = "channels"
    default_auto_field = "django.db.models.BigAutoField"
