"""Instants as people type them: a date and a time of the body's own zone."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.LEGAL_TIME_ZONE)


def local_text(at: datetime | None) -> str:
    """An instant as a browser's date-and-time field takes it, in the body's zone."""
    return at.astimezone(_zone()).strftime("%Y-%m-%dT%H:%M") if at else ""


class LocalInstantField(forms.DateTimeField):
    """A date and time in the body's own zone, as an instant. A time that the clocks skip is refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        """The instant in UTC, or None."""
        found = super().clean(value)
        if found is None:
            return None
        instant: datetime = found.replace(tzinfo=_zone()).astimezone(UTC)
        if instant.astimezone(_zone()).replace(tzinfo=None) != found.replace(tzinfo=None):
            raise forms.ValidationError("The clocks skip this time that night; choose another.")
        return instant
