"""The worker as a Django application: at start it tells the ledger which events start which jobs."""

from django.apps import AppConfig


class WorkerConfig(AppConfig):
    name = "rostrum.worker"
    label = "worker"

    def ready(self) -> None:
        """Hand the subscriptions down: the ledger stands below the worker and cannot look up."""
        from rostrum.areas.ledger import operations as ledger
        from rostrum.worker.subscriptions import EVENTS

        ledger.subscribe(EVENTS)
