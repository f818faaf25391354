"""Forms for questions to the coordinator and for the entries about a channel's parts."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from rostrum.areas.channels.rules.parts import BY_HAND, MAX_EXPORT_BYTES, PART_TITLES


class QuestionForm(forms.Form):
    """A question."""

    text = forms.CharField(
        label="Your question",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Kept with its answer.",
    )


class AnswerForm(forms.Form):
    """The answer to a question."""

    answer = forms.CharField(label="Answer", max_length=8000, widget=forms.Textarea(attrs={"rows": 3}))
    clause = forms.CharField(
        label="Clause it rests on", max_length=80, required=False, help_text="For example WAU-own-02a."
    )


class PartForm(forms.Form):
    """An entry about one part of a channel."""

    part = forms.ChoiceField(label="Part", choices=[(part.value, PART_TITLES[part]) for part in BY_HAND])
    taken_on = forms.DateField(
        label="Taken on", required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="Empty: today."
    )
    count = forms.IntegerField(label="How many", min_value=0, required=False, help_text="For example followers.")
    export = forms.FileField(
        label="Export from the platform",
        required=False,
        help_text=f"Any file, at most {MAX_EXPORT_BYTES >> 20} MB. It is kept as it is.",
    )
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What there is, or why the platform gives no export.",
    )

    def operation_arguments(self) -> dict[str, Any]:
        """The cleaned values as `operations.record_part` takes them."""
        values = dict(self.cleaned_data)
        upload = values.pop("export")
        if isinstance(upload, UploadedFile):
            values |= {"export": upload.read(MAX_EXPORT_BYTES + 1), "export_name": upload.name or "export"}
        return values
