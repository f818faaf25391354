"""Forms about people who leave."""

from typing import Any

from django import forms

from rostrum.areas.channels.forms.grants import PersonField
from rostrum.areas.channels.operations.handing_over import FIELDS, HandOver
from rostrum.areas.channels.rules.separation import BACKUP_TITLES, BackupCodes
from rostrum.areas.people.forms.local_time import LocalInstantField

_HINTS = {
    "recovery_address": "The e-mail address to which the platform sends a way back in.",
    "recovery_phone": "The telephone number to which it sends codes, and whose telephone that is.",
    "second_factor": "Which device or application gives the codes, and who has it now.",
    "linked_applications": "What else was connected to the channel and may still post or read.",
    "followers_export": "When it was made, and where it is kept.",
    "contacts_export": "When it was made, and where it is kept.",
}


def _area(label: str, help_text: str = "", *, required: bool = True, rows: int = 2) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )


class SeparateForm(forms.Form):
    """When somebody leaves, and where they can be asked afterwards. No reason is asked: it holds for any."""

    at = LocalInstantField(
        label="When", required=False, help_text="In local time. Empty: now. A time to come plans it."
    )
    contact = forms.EmailField(
        label="Private e-mail address, for questions afterwards",
        required=False,
        help_text="Optional. Questions about the transition go there; the page they lead to opens nothing else.",
    )


class HandOverForm(forms.Form):
    """What whoever takes the channel over must know. Never a password or a code."""

    backup_codes = forms.ChoiceField(
        label="Backup codes",
        choices=[(one.value, title) for one, title in BACKUP_TITLES.items()],
        widget=forms.RadioSelect,
    )
    other = _area("What else must be known", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, title in FIELDS.items():
            self.fields[name] = _area(title, f"{_HINTS[name]} Write “none” where there is none.")
        self.order_fields([*FIELDS, "backup_codes", "other"])

    def hand_over(self) -> HandOver:
        """The cleaned values as `operations.handing_over.give_hand_over` takes them."""
        values = dict(self.cleaned_data)
        return HandOver(**values | {"backup_codes": BackupCodes(values["backup_codes"])})


class RolesForm(forms.Form):
    """What was seen on the platform."""

    note = _area("What you saw on the platform", "Which role was removed, or that there was none.")


class HolderForm(forms.Form):
    """Who holds the channel from now on."""

    holder = PersonField(label="New holder")


class TaskForm(forms.Form):
    """Something to ask of the person who leaves."""

    what = _area("What is asked")
    due_at = LocalInstantField(label="Until when", help_text="In local time.")


class AnswerForm(forms.Form):
    """An answer to a question of the transition."""

    answer = _area("Answer", "No password and no code: those go into custody and nowhere else.", rows=4)
