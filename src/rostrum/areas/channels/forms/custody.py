"""Forms of custody. What was typed into them is never sent back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from rostrum.areas.channels.rules.emergency import VERDICT_TITLES
from rostrum.areas.people.forms.local_time import LocalInstantField
from rostrum.connectors.registry import Field

_LINES = ("recovery_codes",)


class Unechoed(forms.Textarea):
    """Lines of text that are not shown again after a mistake."""

    def format_value(self, value: Any) -> None:
        """Nothing, whatever was typed."""
        del value


class UnechoedLine(forms.TextInput):
    """One line that is not shown again after a mistake."""

    def format_value(self, value: Any) -> None:
        """Nothing, whatever was typed."""
        del value


class DepositForm(forms.Form):
    """A log-in: its fields, when it was changed, what is no longer used."""

    def __init__(
        self,
        *args: Any,
        fields: Sequence[Field],
        name_fields: frozenset[str],
        kept: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        kept = kept or {}
        self._names = [field.name for field in fields]
        for field in fields:
            is_kept = field.name in kept
            self.fields[field.name] = forms.CharField(
                label=field.label,
                help_text=f"{field.help} {kept[field.name]}" if is_kept else field.help,
                required=field.required and not is_kept,
                strip=field.name in name_fields,
                max_length=4000 if field.name in _LINES else 1000,
                widget=_widget(field.name, name_fields),
            )
        droppable = [(field.name, field.label) for field in fields if field.name in kept and not field.required]
        if droppable:
            self.fields["dropped"] = forms.MultipleChoiceField(
                label="No longer used",
                choices=droppable,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text="What you mark here is erased from custody.",
            )
        if kept:
            self.fields["changed_at"] = LocalInstantField(
                label="When was it changed on the platform?",
                help_text="In local time. A change is recorded within 24 hours; a later one is marked late.",
            )
        self.fields["why_shared"] = forms.CharField(
            label="If it is also somebody's work log-in: why it cannot be kept apart",
            required=False,
            max_length=500,
            # Somebody may have typed the secret itself into it.
            widget=UnechoedLine(),
        )

    def operation_arguments(self) -> dict[str, Any]:
        """What the operation takes."""
        return {
            "secret": {name: self.cleaned_data.get(name, "") for name in self._names},
            "dropped": tuple(self.cleaned_data.get("dropped", ())),
            "changed_at": self.cleaned_data.get("changed_at"),
            "why_shared": self.cleaned_data.get("why_shared", ""),
        }


def _widget(name: str, name_fields: frozenset[str]) -> forms.Widget:
    # "new-password" is what browsers heed; "off" they do not.
    if name in _LINES:
        return Unechoed(attrs={"autocomplete": "off", "rows": 4, "spellcheck": "false"})
    if name in name_fields:
        return UnechoedLine(attrs={"autocomplete": "off", "spellcheck": "false"})
    return forms.PasswordInput(attrs={"autocomplete": "new-password", "spellcheck": "false"})


class ChangeForm(forms.Form):
    """Word of a change that is not in custody yet."""

    changed_at = LocalInstantField(label="When was it changed on the platform?", help_text="In local time.")


class UnchangedForm(forms.Form):
    """Word that nothing was changed after all."""

    reason = forms.CharField(
        label="How do you know that nothing was changed?", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class DiscloseForm(forms.Form):
    """A request to see a log-in."""

    def __init__(self, *args: Any, parts: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parts"] = forms.MultipleChoiceField(
            label="What do you need to see?", choices=parts, widget=forms.CheckboxSelectMultiple
        )
        self.fields["reason"] = forms.CharField(
            label="What for?",
            help_text="Stays on record. Say why Rostrum cannot do it for you.",
            max_length=500,
            widget=forms.Textarea(attrs={"rows": 3}),
        )


class NoteForm(forms.Form):
    """A reason to say no."""

    note = forms.CharField(label="Why not?", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class EmergencyForm(forms.Form):
    """Why the emergency right is taken."""

    reason = forms.CharField(
        label="What has happened, and why can it not wait?", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReviewForm(forms.Form):
    """What the review of an emergency right found."""

    verdict = forms.ChoiceField(
        label="Was it right?",
        choices=[(verdict.value, title) for verdict, title in VERDICT_TITLES.items()],
        widget=forms.RadioSelect,
    )
    findings = forms.CharField(
        label="What did you find?",
        help_text="What was posted, whether it had to be, and what should be done otherwise next time.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
