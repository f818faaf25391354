"""Forms about persons."""

from typing import Any

from django import forms
from django.conf import settings

from rostrum.areas.people.models import Unit
from rostrum.areas.people.operations import EMPLOYMENT_CLASSES
from rostrum.kernel.legal_days import end_of_legal_day


class PersonForm(forms.Form):
    """A new person."""

    name = forms.CharField(label="Name", max_length=200)
    email = forms.EmailField(label="Work e-mail address", help_text="They sign in with it.")
    title = forms.CharField(label="Title", max_length=200, required=False)
    unit = forms.ModelChoiceField(
        Unit.objects.all(), label="Department", required=False, to_field_name="slug", empty_label="None"
    )
    employment_class = forms.ChoiceField(
        label="Works as", choices=[(one, one.capitalize()) for one in EMPLOYMENT_CLASSES], initial="permanent"
    )
    engagement_last_day = forms.DateField(
        label="Last day of the engagement",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Of a contractor, vendor, agent, intern or volunteer: access ends with that day by itself.",
    )

    def operation_arguments(self) -> dict[str, Any]:
        """The cleaned values as `operations.invite_person` takes them."""
        values = dict(self.cleaned_data)
        last = values.pop("engagement_last_day")
        return values | {"engagement_ends_at": end_of_legal_day(last, settings.LEGAL_TIME_ZONE) if last else None}
