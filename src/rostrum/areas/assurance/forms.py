"""Forms of reviews and of readings of user content."""

from collections.abc import Iterable
from typing import Any

from django import forms

from rostrum.areas.assurance.rules import LARGEST_SAMPLE, Found
from rostrum.areas.channels.models import Channel


class SpanForm(forms.Form):
    """Channels, and the days of which something is looked at."""

    channels = forms.MultipleChoiceField(label="Channels", widget=forms.CheckboxSelectMultiple)
    from_on = forms.DateField(label="First day", widget=forms.DateInput(attrs={"type": "date"}))
    to_on = forms.DateField(label="Last day", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, channels: Iterable[Channel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channels"].choices = [(one.public_id, one.name) for one in channels]  # type: ignore[attr-defined]


class ReviewForm(SpanForm):
    """A review to open."""

    wanted = forms.IntegerField(label="How many to look at", min_value=1, max_value=LARGEST_SAMPLE, initial=20)
    every_days = forms.IntegerField(
        label="Again after so many days",
        min_value=1,
        max_value=3650,
        required=False,
        help_text="Empty: once. Else the next one becomes your duty when this one is completed.",
    )
    PLACES = {
        "no-channel": "channels",
        "no-time": "to_on",
        "in-future": "from_on",
        "no-sample": "wanted",
        "nothing-there": "channels",
        "no-interval": "every_days",
    }


class ReadingForm(SpanForm):
    """A session of reading what users wrote."""

    purpose = forms.CharField(label="Why you read it", max_length=500, help_text="It is kept with what you were shown.")
    field_order = ("purpose", "channels", "from_on", "to_on")


class JudgeForm(forms.Form):
    """What was found in one item."""

    found = forms.ChoiceField(
        label="What you found",
        choices=[(Found.IN_ORDER.value, "In order"), (Found.FINDING.value, "A finding")],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label="What it is", max_length=500, required=False)


class ConcludeForm(forms.Form):
    """What the review comes to."""

    conclusion = forms.CharField(label="What the review comes to", widget=forms.Textarea(attrs={"rows": 4}))
