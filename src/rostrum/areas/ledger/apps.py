"""The Django application of the ledger area."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "rostrum.areas.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
