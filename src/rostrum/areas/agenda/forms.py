"""The forms of the register: filters, handing over, saying what was done."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from rostrum.areas.agenda.queries.register import NOBODY
from rostrum.areas.duties.kinds import declared
from rostrum.areas.duties.models import Duty
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import ROLE_TITLES

# More names than this are not read in a list; then the e-mail address is asked for.
_LISTED = 100
_WHOSE = (
    ("", "Anybody's"),
    ("mine", "Mine"),
    ("roles", "Open to anyone in my roles"),
    ("department", "My department's"),
)
_STATES = (("open", "Open"), ("overdue", "Overdue"), ("closed", "Closed"), ("all", "Open and closed"))


class FilterForm(forms.Form):
    """Which duties the register shows."""

    marks = "none"

    whose = forms.ChoiceField(label="Whose", required=False, choices=_WHOSE)
    state = forms.ChoiceField(label="State", required=False, choices=_STATES)
    kind = forms.ChoiceField(label="Kind", required=False)
    role = forms.ChoiceField(label="Role", required=False)
    unit = forms.ChoiceField(label="Department", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = sorted(declared().values(), key=lambda kind: kind.title)
        listed = {
            "kind": [("", "All kinds"), *((kind.code, kind.title) for kind in kinds)],
            "role": [("", "All roles"), *((role.value, title) for role, title in ROLE_TITLES.items())],
            "unit": [
                ("", "All departments"),
                *people.unit_names().items(),
                (NOBODY, "The whole body"),
            ],
        }
        for name, choices in listed.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices


class HandOverForm(forms.Form):
    """To whom, and why. Few who may have it are listed; of many, one is named by e-mail address."""

    reason = forms.CharField(label="Why", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, duty: Duty, recipients: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._recipients = recipients
        others = recipients if duty.owner_id is None else recipients.exclude(pk=duty.owner_id)
        found = list(others[: _LISTED + 1])
        if len(found) > _LISTED:
            to: forms.Field = forms.EmailField(label="To (e-mail address)")
        else:
            back = [("role", f"Back to its role: {ROLE_TITLES.get(duty.owner_role, duty.owner_role)}")]  # type: ignore[call-overload]
            people = [(one.public_id, f"{one.name}{f', {one.unit.name}' if one.unit else ''}") for one in found]
            to = forms.ChoiceField(label="To", choices=[("", "Choose"), *(back if duty.owner_id else []), *people])
        self.fields = {"to": to, **self.fields}

    def clean_to(self) -> User | None:
        """The person; None for giving it back to its role."""
        given = str(self.cleaned_data["to"])
        if given == "role":
            return None
        found: User | None = self._recipients.filter(Q(public_id=given) | Q(email__iexact=given)).first()
        if found is None:
            raise forms.ValidationError("Nobody who may have this duty has this address.")
        return found


class StatementForm(forms.Form):
    """What was done."""

    statement = forms.CharField(
        label="What was done",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It closes the duty and is kept with it. Name no private person and no secret.",
    )
