"""Forms about trainings and bulletins."""

from collections.abc import Iterable
from typing import Any

from django import forms

from rostrum.areas.governance.rules.training import ANYONE, GRANT_HOLDERS
from rostrum.areas.people.models import User
from rostrum.areas.people.operations import EMPLOYMENT_CLASSES
from rostrum.areas.people.rules import ROLE_TITLES
from rostrum.policy.packs import TrainingTopic

ASSIGNED_WORDS: dict[str, str] = {
    ANYONE: "Everybody",
    GRANT_HOLDERS: "Whoever holds a right on a channel",
    **{role.value: ROLE_TITLES[role] for role in ROLE_TITLES},
    **{one: f"Works as {one}" for one in EMPLOYMENT_CLASSES},
}


class TopicsForm(forms.Form):
    """The topics of a training, confirmed one by one by who goes through it."""

    confirmed = forms.MultipleChoiceField(
        label="I have gone through", widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, topics: Iterable[TrainingTopic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["confirmed"].choices = [(one.id, one.title) for one in topics]  # type: ignore[attr-defined]
        self.fields["confirmed"].widget.is_required = True


class RecordForm(TopicsForm):
    """A training that somebody completed elsewhere."""

    person = forms.ModelChoiceField(User.objects.none(), label="Who", to_field_name="public_id")
    completed_on = forms.DateField(label="Completed on", widget=forms.DateInput(attrs={"type": "date"}))
    evidence = forms.CharField(
        label="What shows it", max_length=300, help_text="Such as the list of those present, or a certificate's number."
    )
    file = forms.FileField(label="Its file", required=False, help_text="PDF, PNG or JPEG.")
    field_order = ("person", "completed_on", "confirmed", "evidence", "file")

    def __init__(self, *args: Any, persons: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = persons  # type: ignore[attr-defined]
        self.fields["confirmed"].label = "Topics covered"


class TrainingForm(forms.Form):
    """A training as the body gives it."""

    title = forms.CharField(label="Title", max_length=200)
    key = forms.SlugField(
        label="Short name",
        max_length=59,
        help_text="Small letters, digits and dashes. It stays when the wording changes.",
    )
    topics = forms.CharField(
        label="Topics",
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="Each topic: its title on one line, its text on the lines below, then a blank line.",
    )
    link = forms.URLField(label="Where more of it stands", required=False, assume_scheme="https")
    assigned = forms.MultipleChoiceField(
        label="Assigned to",
        choices=list(ASSIGNED_WORDS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Nobody chosen: it is open to everybody and owed by nobody.",
    )
    due_days = forms.IntegerField(label="Days to complete it", min_value=1, max_value=3650, initial=30)
    renewal_days = forms.IntegerField(
        label="Days until it is renewed", min_value=1, max_value=3650, required=False, help_text="Empty: never."
    )
    before_grant = forms.BooleanField(label="Needed before any right on a channel", required=False)

    def parsed_topics(self) -> list[tuple[str, str]]:
        """Titles and texts, as they were typed."""
        blocks = self.cleaned_data["topics"].replace("\r\n", "\n").split("\n\n")
        return [
            (lines[0].strip(), "\n".join(lines[1:]).strip())
            for block in blocks
            if (lines := [line for line in block.strip().split("\n") if line.strip()])
        ]


def topics_as_text(topics: Iterable[TrainingTopic]) -> str:
    """Topics as the form takes them."""
    return "\n\n".join(f"{topic.title}\n{topic.text}" for topic in topics)


class BulletinForm(forms.Form):
    """News about a threat."""

    title = forms.CharField(label="What it is about", max_length=200)
    text = forms.CharField(label="What to know and to do", widget=forms.Textarea(attrs={"rows": 8}))
