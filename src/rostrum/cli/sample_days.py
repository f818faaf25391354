"""Instants of the sample city's past: so many days ago, at an hour of the body's own clock."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings


def days_ago(now: datetime, days: int, hour: int) -> datetime:
    """The full hour (0 to 23, in the body's zone) of the day that lies so many days (at least 1) before `now`."""
    here = now.astimezone(ZoneInfo(settings.LEGAL_TIME_ZONE))
    return (here - timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)
