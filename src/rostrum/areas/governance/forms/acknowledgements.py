"""Forms of certifying: the signature, and the paper that came in."""

from collections.abc import Iterable

from django import forms

from rostrum.areas.governance.rules.acknowledgements import INTENT_WORDS
from rostrum.policy.packs import Statement


class SignForm(forms.Form):
    """The certification itself. What is wrong is said by the rule, beside the field, with its clause."""

    statements = forms.MultipleChoiceField(
        label="I certify that",
        widget=forms.CheckboxSelectMultiple,
        help_text="Each statement is certified apart.",
        error_messages={"required": "Certify each statement; none is ticked."},
    )
    typed_name = forms.CharField(
        label="Your name, typed",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Type your name, as it stands here."},
    )
    signed_on = forms.DateField(
        label="Date",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Today's.",
        error_messages={"required": "Give today's date."},
    )
    password = forms.CharField(
        label="Your password, once more",
        strip=False,
        help_text="It stands in the place of a signature by hand. It is not stored.",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Sign it with your password."},
    )
    words = forms.CharField(
        label=f"Type “{INTENT_WORDS}”",
        help_text="You sign in elsewhere, so these words stand in the place of a signature by hand.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": f"Sign it: type “{INTENT_WORDS}”."},
    )
    # Which field a reason of the rule is about.
    PLACES = {
        "statement-missing": "statements",
        "no-name": "typed_name",
        "other-name": "typed_name",
        "no-date": "signed_on",
        "other-date": "signed_on",
    }

    def __init__(self, *args: object, statements: Iterable[Statement], has_password: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["statements"].choices = [(one.id, one.words) for one in statements]  # type: ignore[attr-defined]
        del self.fields["words" if has_password else "password"]

    def place_of(self, code: str) -> str | None:
        """The field a refusal is shown beside; None for the whole form."""
        if code == "no-signature":
            return "password" if "password" in self.fields else "words"
        return self.PLACES.get(code)


class PaperForm(forms.Form):
    """A certification that came in on paper."""

    printed_name = forms.CharField(label="Name printed on it", max_length=200)
    signed_on = forms.DateField(label="Date beside the signature", widget=forms.DateInput(attrs={"type": "date"}))
    received_on = forms.DateField(label="Day on which it came in", widget=forms.DateInput(attrs={"type": "date"}))
    scan = forms.FileField(
        label="Picture or PDF of the signed paper",
        help_text="PDF, PNG or JPEG.",
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/png,image/jpeg"}),
    )
