"""What the public types."""

from django import forms

from rostrum.areas.disclosure.operations.intake import LONGEST_NAME, LONGEST_REQUEST


class RequestForm(forms.Form):
    """A records request: only what is asked for is needed."""

    wants = forms.CharField(
        label="Which records would you like to see?",
        max_length=LONGEST_REQUEST,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": "Say which records you would like to see."},
    )
    requester_name = forms.CharField(label="Your name", max_length=LONGEST_NAME, required=False)
    requester_email = forms.EmailField(
        label="Your e-mail address",
        required=False,
        error_messages={"invalid": "This is not an e-mail address, such as name@example.org. You may leave it empty."},
    )


class FollowForm(forms.Form):
    """The code with which a request is followed."""

    code = forms.CharField(
        label="Follow code", max_length=40, error_messages={"required": "Type the code you were given."}
    )


class AnswerForm(forms.Form):
    """What the requester answers to the custodian's question."""

    answer = forms.CharField(
        label="Your answer",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write your answer first."},
    )


class LookUpForm(forms.Form):
    """An address somebody wants to check."""

    address = forms.CharField(
        label="Address or handle", max_length=500, error_messages={"required": "Type an address or a handle to check."}
    )
