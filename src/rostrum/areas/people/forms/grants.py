"""Forms about roles."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings

from rostrum.areas.people.models import Unit
from rostrum.areas.people.rules import ROLE_TITLES, Role


class RoleForm(forms.Form):
    """A role to give. The last day is inclusive and civil: the role ends when that day ends in the legal time zone."""

    role = forms.ChoiceField(
        label="Role", choices=[(role.value, ROLE_TITLES[role]) for role in Role if role is not Role.EMPLOYEE]
    )
    unit = forms.ModelChoiceField(
        Unit.objects.all(), label="Department", required=False, to_field_name="slug", empty_label="The whole body"
    )
    last_day = forms.DateField(
        label="Last day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Empty: until ended.",
    )

    def ends_at(self) -> datetime | None:
        """The instant after the last day, or None."""
        on = self.cleaned_data["last_day"]
        if on is None:
            return None
        # Midnight of the next civil day, whatever the clocks do that night.
        return datetime.combine(on + timedelta(days=1), time.min, ZoneInfo(settings.LEGAL_TIME_ZONE))
