"""Forms of the security registers, and of a question to one's supervisor."""

from typing import Any

from django import forms

from rostrum.areas.governance.rules.acknowledgements import INTENT_WORDS
from rostrum.areas.people.models import User


class BlockForm(forms.Form):
    """A site that is blocked."""

    site = forms.CharField(
        label="Site", max_length=400, help_text="Such as games.example.com. An address is cut to it."
    )
    reason = forms.CharField(label="Why", max_length=500)


class ExceptionForm(forms.Form):
    """An exception from the ban on assumed identities."""

    identity = forms.CharField(label="The identity that would be assumed", max_length=200)
    purpose = forms.CharField(
        label="For which legitimate purpose", max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
    required_by = forms.CharField(label="Who requires it, and by what order", max_length=200)
    starts_on = forms.DateField(label="First day", widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label="Last day", widget=forms.DateInput(attrs={"type": "date"}))


class SignExceptionForm(forms.Form):
    """The agency head's signature."""

    reason = forms.CharField(label="Reasons", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    typed_name = forms.CharField(
        label="Your name, typed", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label="Your password, once more",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    words = forms.CharField(label=f"Type “{INTENT_WORDS}”", widget=forms.TextInput(attrs={"autocomplete": "off"}))
    PLACES = {"no-reason": "reason", "other-name": "typed_name"}

    def __init__(self, *args: Any, has_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["words" if has_password else "password"]

    def place_of(self, code: str) -> str | None:
        """The field a refusal is shown beside; None for the whole form."""
        if code == "no-signature":
            return "password" if "password" in self.fields else "words"
        return self.PLACES.get(code)


class PersonaForm(forms.Form):
    """The persona of a signed exception."""

    where = forms.CharField(label="Where it appears", max_length=200)
    held_by = forms.ModelChoiceField(User.objects.none(), label="Who acts under it", to_field_name="public_id")

    def __init__(self, *args: Any, persons: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_by"].queryset = persons  # type: ignore[attr-defined]


class QuestionForm(forms.Form):
    """A question to the head of one's department."""

    question = forms.CharField(
        label="What you want to know",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Only you and whoever heads your department read it.",
    )


class QuestionAnswerForm(forms.Form):
    """The answer."""

    answer = forms.CharField(label="Your answer", widget=forms.Textarea(attrs={"rows": 4}))
