"""The forms of the archive's pages."""

from typing import Any

from django import forms

from rostrum.areas.archive.operations.by_hand import LONGEST_TEXT
from rostrum.areas.archive.operations.elsewhere import EvidenceFile
from rostrum.areas.archive.rules import State, Whose
from rostrum.areas.channels.models import Channel
from rostrum.areas.people.forms.local_time import LocalInstantField
from rostrum.areas.people.models import User
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


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """One or several files."""

    widget = _Files(attrs={"accept": "image/png,image/jpeg,application/pdf"})

    def read(self, given: list[Any]) -> list[EvidenceFile]:
        """The files with their bytes, as operations take them."""
        return [EvidenceFile(one.name or "file", one.read()) for one in given]

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files as a list; empty where none was chosen."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(_FilesField, self).clean(one, initial) for one in given]


class ElsewhereForm(forms.Form):
    """A post made for the body on somebody else's site: where, what, when, by whom, and what shows it."""

    url = forms.CharField(label="Address of the post", max_length=2000)
    place = forms.CharField(
        label="Site or page", max_length=200, help_text="For example: the forum of the Main Street merchants."
    )
    text = forms.CharField(
        label="What the post says", max_length=50_000, widget=forms.Textarea(attrs={"rows": 6}), strip=False
    )
    posted_at = LocalInstantField(label="When it was posted")
    posted_by = forms.EmailField(label="Who posted it (work e-mail)")
    is_official = forms.ChoiceField(
        label="Was it posted for the body, in the course of duties?",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes"), ("no", "No, privately")],
    )
    evidence = _FilesField(label="Pictures or saved copies", required=False, help_text="PNG, JPEG or PDF.")
    channel = forms.ChoiceField(
        label="Among whose records it is kept", help_text="The channel for which, or for whose department, it was said."
    )

    def __init__(self, *args: Any, channels: list[Channel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["channel"]
        if isinstance(chosen, forms.ChoiceField):
            chosen.choices = [(channel.public_id, channel.name) for channel in channels]

    def clean_posted_by(self) -> User:
        """The person of the body with this address."""
        found = User.objects.filter(email__iexact=self.cleaned_data["posted_by"]).first()
        if found is None:
            raise forms.ValidationError("Nobody of the body has this address.")
        return found


class ByHandForm(forms.Form):
    """What stands on a channel that nothing captures: where, what, when, whose, and what shows it."""

    channel = forms.ChoiceField(label="Channel", help_text="Only those are listed that nothing captures by itself.")
    url = forms.CharField(label="Address of the post or comment", max_length=2000)
    kind = forms.ChoiceField(label="It is", choices=[(Kind.POST.value, "A post"), (Kind.COMMENT.value, "A comment")])
    whose = forms.ChoiceField(
        label="Who said it",
        widget=forms.RadioSelect,
        choices=[("ours", "The channel itself"), ("others", "Somebody else")],
    )
    author = forms.CharField(label="Name as it stands there", max_length=300)
    posted_at = LocalInstantField(label="When it was posted")
    text = forms.CharField(
        label="What it says",
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        strip=False,
    )
    link = forms.CharField(label="What it links to", max_length=2000, required=False)
    answers = forms.CharField(
        label="Address of what it answers", max_length=2000, required=False, help_text="For a comment."
    )
    own_files = _FilesField(label="Its own pictures, video or sound", required=False)
    evidence = _FilesField(label="Pictures or saved copies of the page", required=False)

    def __init__(self, *args: Any, channels: list[Channel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["own_files"].widget.attrs["accept"] = "image/png,image/jpeg,video/*,audio/*"
        chosen = self.fields["channel"]
        if isinstance(chosen, forms.ChoiceField):
            chosen.choices = [(one.public_id, f"{one.name} ({one.platform.name})") for one in channels]

    def operation_arguments(self) -> dict[str, Any]:
        """The cleaned values as `operations.keep_by_hand` takes them."""
        given = self.cleaned_data
        read = _FilesField().read
        return {
            "channel_id": given["channel"],
            "url": given["url"],
            "kind": Kind(given["kind"]),
            "text": given["text"],
            "posted_at": given["posted_at"],
            "author": given["author"],
            "is_ours": given["whose"] == "ours",
            "link": given["link"],
            "answers": given["answers"],
            "files": read(given["own_files"]),
            "evidence": read(given["evidence"]),
        }


class AdvertisingForm(forms.Form):
    """Whose advertising or link something is, and by what one sees it."""

    whose = forms.ChoiceField(
        label="Placed by",
        choices=[
            (Whose.OWNER.value, "the site's owner"),
            (Whose.VENDOR.value, "a vendor of the site"),
            (Whose.PARTNER.value, "a partner of the site"),
        ],
    )
    reason = forms.CharField(
        label="By what one sees it", max_length=500, help_text="For example: it is labelled “Promoted”."
    )


class AskSubstanceForm(forms.Form):
    """What it is asked for, whether a text concerns the body's business."""

    why = forms.CharField(label="What the answer is needed for", max_length=500)


class SubstanceForm(forms.Form):
    """Whether a text concerns the body's business, by the words alone."""

    answer = forms.ChoiceField(
        label="Do these words concern the body’s business?",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes"), ("no", "No")],
    )
    reason = forms.CharField(
        label="What in the words decides it", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
