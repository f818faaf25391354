"""Forms of second factors."""

from django import forms


class _Unechoed(forms.TextInput):
    """A code that is not shown again after a mistake: a recovery code stays good when it was typed wrongly."""

    def format_value(self, value: object) -> None:
        """Nothing, whatever was typed."""
        del value


def _code_input(*, autofocus: bool = False) -> forms.TextInput:
    attributes = {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
    return _Unechoed(attrs=attributes | ({"autofocus": True} if autofocus else {}))


class CodeForm(forms.Form):
    """A code of the app, or a recovery code."""

    code = forms.CharField(
        label="Code",
        max_length=40,
        help_text="The six digits your app shows now, or one of your recovery codes.",
        widget=_code_input(autofocus=True),
    )


class AppForm(forms.Form):
    """A new app: what it shows, and what to call it."""

    code = forms.CharField(
        label="Code", max_length=40, help_text="The six digits the app shows now.", widget=_code_input()
    )
    name = forms.CharField(
        label="Name", max_length=60, required=False, help_text="To tell it from others, such as “work telephone”."
    )


class PasskeyForm(forms.Form):
    """A new passkey: what the browser made, and what to call it."""

    name = forms.CharField(
        label="Name", max_length=60, required=False, help_text="To tell it from others, such as “blue security key”."
    )
    answer = forms.CharField(max_length=20_000, required=False, widget=forms.HiddenInput())


class PasskeyAnswerForm(forms.Form):
    """What the browser proves with a passkey."""

    answer = forms.CharField(max_length=20_000, required=False, widget=forms.HiddenInput())


class ProveForm(forms.Form):
    """Once more, who one is: by the password."""

    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ResetForm(forms.Form):
    """Why somebody's factors are to be reset."""

    reason = forms.CharField(
        label="How do you know it is them?",
        max_length=300,
        help_text=(
            "For example: they came to the office in person. Never on the word of a mail or a call: that is how "
            "people are locked out of their own sign-in."
        ),
    )
