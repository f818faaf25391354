"""Forms of the people area."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings

from rostrum.areas.people.models import Unit
from rostrum.areas.people.operations import EMPLOYMENT_CLASSES
from rostrum.areas.people.rules import ROLE_TITLES, Role


class SignInForm(forms.Form):
    """E-mail and password."""

    email = forms.EmailField(
        label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label="Password", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class PasswordLinkForm(forms.Form):
    """Where to send a link."""

    email = forms.EmailField(label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "username"}))


class NewPasswordForm(forms.Form):
    """A password, typed once: a typing mistake is mended by another link."""

    password = forms.CharField(
        label="New password",
        strip=False,
        help_text="At least 12 characters, and not a common one. Several unrelated words are easy to remember.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class ChangePasswordForm(NewPasswordForm):
    """The password now, and the one to come."""

    current = forms.CharField(
        label="Password now", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    field_order = ("current", "password")


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
