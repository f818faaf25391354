"""Forms of the IT director's directives."""

from typing import Any

from django import forms

from rostrum.areas.governance.queries import directives
from rostrum.areas.governance.rules.directives import CONTENT_KINDS
from rostrum.connectors import registry

CONTENT_WORDS = {
    "post": "Posts",
    "comment": "Comments and replies",
    "share": "Shares",
    "message": "Direct messages",
    "profile": "The page's own profile",
}
EVERYWHERE = "Every platform"


def method_titles() -> dict[str, str]:
    """Every way to capture that some platform has, by its code."""
    found = {"connector": "Through the platform's connector, around the clock"}
    for code in registry.PLATFORMS:
        for method in directives.capture_methods(code):
            found.setdefault(method.code, method.title)
    return found


class DirectiveForm(forms.Form):
    """A directive to every department."""

    platform = forms.ChoiceField(label="Platform", required=False)
    content_kinds = forms.MultipleChoiceField(
        label="Kinds of content",
        choices=[(code, CONTENT_WORDS[code]) for code in CONTENT_KINDS],
        widget=forms.CheckboxSelectMultiple,
        initial=list(CONTENT_KINDS),
    )
    method = forms.ChoiceField(
        label="Captured", help_text="Capture follows it as soon as the directive is issued.", initial="connector"
    )
    address = forms.CharField(
        label="From which address", max_length=300, required=False, help_text="Where the method needs one: a relay's."
    )
    option = forms.CharField(
        label="What departments do",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="How it is retained and stored.",
    )
    cost_reason = forms.CharField(
        label="Why this is the most cost-effective option", widget=forms.Textarea(attrs={"rows": 3})
    )
    is_interim = forms.BooleanField(label="It cannot wait for the yearly one", required=False)
    why_interim = forms.CharField(label="Why it cannot wait", max_length=500, required=False)
    PLACES = {
        "no-content": "content_kinds",
        "unknown-content": "content_kinds",
        "unknown-method": "method",
        "no-address": "address",
        "no-option": "option",
        "no-cost-reason": "cost_reason",
        "no-interim-reason": "why_interim",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = sorted((spec.code, spec.name) for spec in registry.PLATFORMS.values())
        self.fields["platform"].choices = [("", EVERYWHERE), *names]  # type: ignore[attr-defined]
        self.fields["method"].choices = list(method_titles().items())  # type: ignore[attr-defined]


class HowForm(forms.Form):
    """How a directive reached a department."""

    how = forms.CharField(label="How it reached them", max_length=200)


class AnswerForm(forms.Form):
    """What was done about a suggestion."""

    answer = forms.CharField(label="What was done, or why nothing is needed", max_length=300)
