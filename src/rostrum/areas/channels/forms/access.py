"""Forms about who and what may act on a channel on its platform."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from rostrum.areas.channels.guides import Setting
from rostrum.areas.channels.platforms import PLATFORMS
from rostrum.areas.channels.rules.admin_lists import MAX_BYTES
from rostrum.areas.people.models import User


class AdministratorsForm(forms.Form):
    """A list of administrators: a file, or lines copied from the platform's page."""

    file = forms.FileField(label="List as a file", required=False, help_text="CSV or text, as the platform gives it.")
    text = forms.CharField(
        label="Or copied from the platform's page",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="One person per line: name, log-in name or e-mail, role. With or without a header.",
    )

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        values: dict[str, Any] = super().clean() or {}
        if not values.get("file") and not (values.get("text") or "").strip():
            self.add_error("text", "hand in a file, or copy the list here")
        return values

    def data_bytes(self) -> bytes:
        """The list as bytes."""
        upload = self.cleaned_data.get("file")
        if isinstance(upload, UploadedFile):
            data: bytes = upload.read(MAX_BYTES + 1)
            return data
        return str(self.cleaned_data["text"]).encode()


class AnswerForm(forms.Form):
    """The answer to a disagreement: a reason, and for an unknown one perhaps who it is."""

    reason = forms.CharField(
        label="Reason", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), help_text="It is kept."
    )

    def __init__(self, *args: Any, persons: Iterable[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._persons = {one.public_id: one for one in persons}
        if self._persons:
            named = [
                (key, f"{one.name}, {one.unit.name}" if one.unit else one.name) for key, one in self._persons.items()
            ]
            self.fields["is_person"] = forms.ChoiceField(
                label="It is", required=False, choices=[("", "Nobody of the body"), *named]
            )

    def person(self) -> User | None:
        """Whom the administrator was said to be."""
        return self._persons.get(self.cleaned_data.get("is_person", ""))


class ApplicationForm(forms.Form):
    """An application for the list of those allowed."""

    name = forms.CharField(label="Name", max_length=200, help_text="As the platform's settings list it.")
    vendor = forms.CharField(label="Who makes it", max_length=200, required=False)
    platform = forms.ChoiceField(
        label="Platform",
        required=False,
        choices=[("", "Any platform"), *((one.slug, one.name) for one in PLATFORMS.values())],
    )
    purpose = forms.CharField(label="What it is needed for", widget=forms.Textarea(attrs={"rows": 2}))


class ConnectedForm(forms.Form):
    """What a person found connected to a channel."""

    names = forms.CharField(
        label="Connected applications",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One per line, as the platform names them. Nothing: none is connected.",
    )


class SettingsForm(forms.Form):
    """The checklist of a channel's settings."""

    note = forms.CharField(
        label="Note",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Needed where a setting is not as the guide says.",
    )

    def __init__(self, *args: Any, items: Sequence[Setting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._codes = [one.code for one in items]
        for one in items:
            self.fields[f"set_{one.code}"] = forms.ChoiceField(
                label=one.words,
                help_text=f"Usually under: {one.where}." if one.where else "",
                choices=[
                    ("", "Choose"),
                    ("set", "Is set so"),
                    ("not-set", "Is not set so"),
                    ("not-there", "The platform has no such setting"),
                ],
            )
        self.order_fields([*(f"set_{code}" for code in self._codes), "note"])

    def answers(self) -> dict[str, str]:
        """Item → answer."""
        return {code: self.cleaned_data[f"set_{code}"] for code in self._codes}
