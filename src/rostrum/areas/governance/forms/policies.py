"""Forms about the body's policy texts."""

from django import forms


class TextForm(forms.Form):
    """One version of a document: its text, its file, or where it stands."""

    label = forms.CharField(
        label="Version", max_length=100, help_text="As the document calls itself, such as “revised March 2026”."
    )
    adopted_on = forms.DateField(label="Adopted on", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    text = forms.CharField(
        label="The whole text",
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="Your own document, word for word. A blank line begins a new paragraph.",
    )
    file = forms.FileField(
        label="Its file",
        required=False,
        help_text="PDF. It can stand beside the text or in its place.",
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )
    link = forms.URLField(
        label="Where it stands", required=False, assume_scheme="https", help_text="Its address on your own site."
    )


class ListForm(forms.Form):
    """A policy of the body that stays in force."""

    title = forms.CharField(label="Its name", max_length=200)
    kind = forms.CharField(
        label="What it is about",
        max_length=60,
        help_text="A short word, such as work-rules, ethics-code, internet-use or electronic-device. Clauses that "
        "refer to policies of this kind then lead to it.",
    )
    citation = forms.CharField(label="Where it is cited from", max_length=200, required=False)


class ReasonForm(forms.Form):
    """A reason, where something is taken off."""

    reason = forms.CharField(label="Why", max_length=300)
