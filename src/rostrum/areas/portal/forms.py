"""What the public types."""

from django import forms


class RequestForm(forms.Form):
    """A records request: only what is asked for is needed."""

    wants = forms.CharField(
        label="Which records would you like to see?", max_length=10_000, widget=forms.Textarea(attrs={"rows": 7})
    )
    requester_name = forms.CharField(label="Your name", max_length=200, required=False)
    requester_email = forms.EmailField(label="Your e-mail address", required=False)


class FollowForm(forms.Form):
    """The code with which a request is followed."""

    code = forms.CharField(label="Follow code", max_length=40)


class LookUpForm(forms.Form):
    """An address somebody wants to check."""

    address = forms.CharField(label="Address or handle", max_length=500)
