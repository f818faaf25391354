"""Forms of signing in."""

from django import forms

_LONGEST_PASSWORD = 1024


class SignInForm(forms.Form):
    """E-mail and password."""

    email = forms.EmailField(
        label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=_LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordLinkForm(forms.Form):
    """Where to send a link."""

    email = forms.EmailField(label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "username"}))


class NewPasswordForm(forms.Form):
    """A password, typed once: a typing mistake is mended by another link."""

    password = forms.CharField(
        label="New password",
        strip=False,
        max_length=_LONGEST_PASSWORD,
        help_text=(
            "At least 12 characters, and hard to guess: four or more words that have nothing to do with each other, or "
            "what your password manager makes. No capitals, digits or signs are asked for."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class ChangePasswordForm(NewPasswordForm):
    """The password now, and the one to come."""

    current = forms.CharField(
        label="Password now",
        strip=False,
        max_length=_LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("current", "password")
