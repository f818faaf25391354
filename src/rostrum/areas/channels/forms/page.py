"""The form with which a person says what stands on a channel's page."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rostrum.areas.channels.pictures import MAX_BYTES
from rostrum.areas.channels.rules.page import Standing

_ANSWERS = [("", "I did not look for it"), ("seen", "It is there"), ("missing", "It is not there")]


def _label(question: str, one: Standing) -> SafeString:
    """The question, with the element it is about for those who do not see the heading above it."""
    return format_html('{}<span class="usa-sr-only"> {}</span>', question, one.element.words)


class PageCheckForm(forms.Form):
    """For each element: there, not there, or not looked for; where it stands; and a picture of the page."""

    picture = forms.FileField(
        label="Picture of the page",
        required=False,
        help_text=f"PNG or JPEG, at most {MAX_BYTES >> 20} MB. Needed for what you say is there.",
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg"}),
    )
    note = forms.CharField(
        label="Note", required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="Kept with the look."
    )

    def __init__(self, *args: Any, standing: Sequence[Standing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._codes = [one.element.code for one in standing]
        for one in standing:
            code = one.element.code
            self.fields[f"is_{code}"] = forms.ChoiceField(
                label=_label("Is it there?", one), choices=_ANSWERS, required=False
            )
            self.fields[f"where_{code}"] = forms.CharField(
                label=_label("Where on the page?", one),
                max_length=200,
                required=False,
                help_text="For example: About section, pinned post, banner.",
            )

    def answers(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """The two fields of each element, with its code."""
        return [(code, self[f"is_{code}"], self[f"where_{code}"]) for code in self._codes]

    def operation_arguments(self) -> dict[str, Any]:
        """The cleaned values as `operations.check_page` takes them."""
        data = self.cleaned_data
        upload = data.get("picture")
        return {
            "seen": {code: data[f"where_{code}"] for code in self._codes if data[f"is_{code}"] == "seen"},
            "missing": [code for code in self._codes if data[f"is_{code}"] == "missing"],
            # One byte more than is kept is enough to see that it is too large.
            "picture": upload.read(MAX_BYTES + 1) if isinstance(upload, UploadedFile) else b"",
            "note": data["note"],
        }
