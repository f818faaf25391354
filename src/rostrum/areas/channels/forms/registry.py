"""Forms of the registry: a list to take in, what a person decides about it, a channel that exists."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from rostrum.areas.channels.platforms import PLATFORMS
from rostrum.areas.channels.queries.lists import ALL, PART
from rostrum.areas.channels.rules import KIND_TITLES
from rostrum.areas.people.models import Unit
from rostrum.importers.tables import LARGEST_BYTES


def _reason(label: str, help_text: str = "It stays with the list.") -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, widget=forms.Textarea(attrs={"rows": 2}))


def _unit(label: str, *, required: bool = True, help_text: str = "") -> "forms.ModelChoiceField[Unit]":
    return forms.ModelChoiceField(
        Unit.objects.order_by("name"),
        label=label,
        to_field_name="slug",
        required=required,
        help_text=help_text,
        empty_label="Choose" if required else "None: ask about each",
    )


class ListForm(forms.Form):
    """A list that is given in, and what it claims to name."""

    file = forms.FileField(
        label="The list",
        help_text=f"A table as text (CSV), however it is kept, at most {LARGEST_BYTES >> 20} MB. This only reads it.",
        error_messages={"required": "Choose the file with the list.", "empty": "The file is empty."},
    )
    covers = forms.ChoiceField(
        label="What it claims to name",
        help_text="Channels it should name and does not are reported. None is closed by that.",
    )
    unit = _unit("Department of rows that name none", required=False)

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        covers = self.fields["covers"]
        if isinstance(covers, forms.ChoiceField):
            covers.choices = [
                (ALL, "All channels of the body"),
                *((unit.public_id, f"All channels of {unit.name}") for unit in units),
                (PART, "Only some channels"),
            ]

    def content(self) -> bytes:
        """The file's bytes."""
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        return b"".join(upload.chunks())


class ListReasonForm(forms.Form):
    """Why a list is released, or set aside."""

    reason = _reason("Reason")


class NameUnitForm(forms.Form):
    """Which department a name in a list means."""

    unit_text = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    unit = _unit("It is")


class FindForm(forms.Form):
    """An address of a list as a person reads it."""

    platform = forms.ChoiceField(
        label="Platform", choices=[("", "Choose"), *((one.slug, one.name) for one in PLATFORMS.values())]
    )
    handle = forms.CharField(label="Handle", max_length=200, required=False)
    url = forms.CharField(label="Address of the page", max_length=500, required=False)
    name = forms.CharField(label="Name", max_length=200, help_text="As people read it.")
    unit = _unit("Department that keeps it")
    reason = _reason("How you know", "It stays with the list and with the channel.")


class FoundForm(forms.Form):
    """A channel that exists, and is registered as found."""

    platform = forms.ChoiceField(
        label="Platform", choices=[("", "Choose"), *((one.slug, one.name) for one in PLATFORMS.values())]
    )
    handle = forms.CharField(label="Handle", max_length=200, required=False, help_text="With or without @.")
    url = forms.CharField(
        label="Address of the page", max_length=500, required=False, help_text="The handle, the address, or both."
    )
    name = forms.CharField(label="Name", max_length=200, help_text="As people read it.")
    kind = forms.ChoiceField(label="Kind", choices=[(code.value, title) for code, title in KIND_TITLES.items()])
    unit = _unit("Department that keeps it")
    found_in = forms.CharField(
        label="How it was found", max_length=300, required=False, help_text="For example: a resident asked about it."
    )
    why_alike = forms.CharField(
        label="Why its handle is like another channel’s",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Only when it can be mistaken for another of ours.",
    )
