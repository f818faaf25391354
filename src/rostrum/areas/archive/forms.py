"""The forms of the archive's pages."""

from typing import Any

from django import forms

from rostrum.areas.archive.rules import State
from rostrum.areas.channels.models import Channel
from rostrum.kernel.items import Kind

KIND_TITLES = {
    Kind.POST: "Post",
    Kind.COMMENT: "Comment",
    Kind.SHARE: "Share",
    Kind.MESSAGE: "Direct message",
    Kind.PROFILE: "Profile",
}
STATE_TITLES = {
    State.PRESENT: "On the platform",
    State.HIDDEN: "Hidden on the platform",
    State.DELETED: "Deleted on the platform",
}


class _Day(forms.DateInput):
    input_type = "date"


class SearchForm(forms.Form):
    """What to look for, and where."""

    q = forms.CharField(
        label="Words",
        required=False,
        max_length=2000,
        help_text='All words must occur. Also: "a phrase", OR, -without, (parentheses), begin*, #hashtag, @mention.',
    )
    channel = forms.ChoiceField(label="Channel", required=False)
    author = forms.CharField(label="Author", required=False, max_length=300, help_text="Id, handle or name, in full.")
    kind = forms.ChoiceField(label="Kind", required=False)
    state = forms.ChoiceField(label="State", required=False)
    from_on = forms.DateField(label="Published from", required=False, widget=_Day)
    to_on = forms.DateField(label="Published until", required=False, widget=_Day)
    order = forms.ChoiceField(
        label="Order", required=False, choices=(("oldest", "Oldest first"), ("newest", "Newest first"))
    )

    def __init__(self, *args: Any, channels: list[Channel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "channel": [("", "All channels"), *((channel.slug, channel.name) for channel in channels)],
            "kind": [("", "All kinds"), *((kind.value, title) for kind, title in KIND_TITLES.items())],
            "state": [("", "All states"), *((state.value, title) for state, title in STATE_TITLES.items())],
        }
        for name, listed in choices.items():
            chosen = self.fields[name]
            if isinstance(chosen, forms.ChoiceField):
                chosen.choices = listed

    def clean(self) -> dict[str, Any]:
        """The days must stand in order."""
        cleaned = super().clean() or {}
        from_on, to_on = cleaned.get("from_on"), cleaned.get("to_on")
        if from_on and to_on and to_on < from_on:
            self.add_error("to_on", "The last day is before the first.")
        return cleaned


class CloseGapForm(forms.Form):
    """What filled or explains a gap."""

    because = forms.CharField(label="What filled or explains it", max_length=500)
