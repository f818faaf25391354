"""Forms of the publishing area. The editor reads text, channels, images with their words, time and answers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from rostrum.areas.channels.forms.grants import PersonField
from rostrum.areas.channels.models import Channel
from rostrum.areas.people.forms.local_time import LocalInstantField, local_text
from rostrum.areas.people.models import Unit
from rostrum.areas.publishing.models import DraftMedia, DraftRevision
from rostrum.areas.publishing.operations import MediaInput
from rostrum.areas.publishing.questions import QUESTIONS, Answer, Question
from rostrum.areas.publishing.rules import Content, MediaContent
from rostrum.areas.publishing.rules.integrity import VERDICT_TITLES
from rostrum.kernel.findings import Finding, Strength

# How many new images one saving takes; more come with the next.
NEW_IMAGES = 4


@dataclass(frozen=True, slots=True)
class KeptImage:
    """An image the draft already has, with the names of its two fields."""

    media: DraftMedia
    keep_name: str
    alt_name: str
    captions_name: str
    alt: str
    has_captions: bool
    is_kept: bool

    @property
    def is_film(self) -> bool:
        """Whether it needs captions."""
        return self.media.mime.startswith("video/")


class DraftForm(forms.Form):
    """The editor. `channels` are those the writer may speak on; `questions` what the active packs ask.

    `areas` are the programme areas to choose from, in groups; where there are none, none is asked for.
    """

    # Nearly everything may be left empty; what may not says so.
    marks = "required"

    text = forms.CharField(
        label="Text",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "true"}),
        help_text="A post needs a text or an image.",
    )
    publish_at = LocalInstantField(label="Publish at", required=False, help_text="Empty: as soon as it is approved.")
    about = forms.CharField(
        label="Other departments or parties it is about",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One per line. Their consent is needed.",
    )

    def __init__(
        self,
        *args: Any,
        channels: Sequence[Channel],
        units: Sequence[Unit],
        questions: Sequence[Question],
        judged: Iterable[Finding] = (),
        media: Sequence[DraftMedia] = (),
        areas: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._channels = {channel.public_id: channel for channel in channels}
        self.offered = list(channels)
        self._units = {unit.slug: unit for unit in units}
        self._media = media
        self._areas = areas
        self.has_channels = bool(channels)
        self.fields["channels"] = forms.MultipleChoiceField(
            label="Channels",
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text="Where it will be published. Needed before it is handed in.",
            choices=[(one.public_id, f"{one.name} ({one.platform.name})") for one in channels],
        )
        if len(units) > 1:
            self.fields["unit"] = forms.ChoiceField(
                label="For which department", choices=[(unit.slug, unit.name) for unit in units]
            )
        self.question_names: list[str] = []
        for question in questions:
            self._ask(question.code, question)
        for finding in judged:
            if finding.strength is Strength.JUDGE:
                self._ask(finding.clause, Question(finding.clause, finding.control, finding.message, Answer.TEXT))
        for number in range(1, NEW_IMAGES + 1):
            self.fields[f"file_{number}"] = forms.FileField(
                label="Image or film" if number == 1 else f"Image or film {number}", required=False
            )
            self.fields[f"alt_{number}"] = forms.CharField(
                label="What it shows, in words", required=False, max_length=2000
            )

    def _ask(self, code: str, question: Question) -> None:
        name = f"answer_{code}"
        if name in self.fields or (question.answer is Answer.AREA and not self._areas):
            return
        self.question_names.append(name)
        if question.answer is Answer.AREA:
            self.fields[name] = forms.ChoiceField(
                label=question.words,
                help_text=question.help,
                required=False,
                choices=[("", "Not chosen"), *self._areas],
            )
        elif question.answer is Answer.YES_NO:
            self.fields[name] = forms.BooleanField(label=question.words, required=False)
        else:
            is_long = question.answer is Answer.LINKS
            widget: forms.Widget = forms.Textarea(attrs={"rows": 2}) if is_long else forms.TextInput()
            self.fields[name] = forms.CharField(
                label=question.words, help_text=question.help, required=False, widget=widget, max_length=1000
            )

    def asked(self) -> list[forms.BoundField]:
        """The questions' fields."""
        return [self[name] for name in self.question_names]

    def new_images(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The fields for new images: the file and its words."""
        return [(self[f"file_{number}"], self[f"alt_{number}"]) for number in range(1, NEW_IMAGES + 1)]

    def kept_images(self) -> list[KeptImage]:
        """The draft's images with what was typed about them."""
        sent: Mapping[str, Any] = self.data if self.is_bound else {}
        return [
            KeptImage(
                media=one,
                keep_name=f"keep_{one.blob}",
                alt_name=f"words_{one.blob}",
                captions_name=f"captions_{one.blob}",
                alt=str(sent.get(f"words_{one.blob}", one.alt)),
                has_captions=f"captions_{one.blob}" in sent if self.is_bound else one.has_captions,
                is_kept=f"keep_{one.blob}" in sent if self.is_bound else True,
            )
            for one in self._media
        ]

    def chosen_channels(self) -> list[Channel]:
        """The channels chosen."""
        return [self._channels[name] for name in self.cleaned_data["channels"]]

    def chosen_unit(self) -> Unit:
        """The unit chosen, or the only one there is."""
        slug = self.cleaned_data.get("unit")
        return self._units[slug] if slug else next(iter(self._units.values()))

    def answers(self) -> dict[str, str]:
        """The answers by code; a box that is not ticked is no answer."""
        given = {name.removeprefix("answer_"): self.cleaned_data[name] for name in self.question_names}
        return {code: "yes" if value is True else str(value) for code, value in given.items() if value}

    def parties(self) -> list[str]:
        """The other parties named, one per line."""
        return [line.strip() for line in self.cleaned_data["about"].splitlines() if line.strip()]

    def images(self) -> list[MediaInput]:
        """The images to keep, those the draft has first."""
        images = [
            MediaInput(blob=one.media.blob, alt=one.alt, has_captions=one.has_captions)
            for one in self.kept_images()
            if one.is_kept
        ]
        for number in range(1, NEW_IMAGES + 1):
            upload = self.cleaned_data.get(f"file_{number}")
            if isinstance(upload, UploadedFile):
                images.append(
                    MediaInput(
                        data=upload.read(), name=upload.name or "", alt=self.cleaned_data.get(f"alt_{number}", "")
                    )
                )
        return images

    def operation_arguments(self) -> dict[str, Any]:
        """The cleaned values as `operations.save_revision` takes them."""
        return {
            "text": self.cleaned_data["text"],
            "channels": self.chosen_channels(),
            "media": self.images(),
            "publish_at": self.cleaned_data["publish_at"],
            "answers": self.answers(),
            "about": self.parties(),
        }

    def content(self, signature: str) -> Content:
        """What is in the editor now, to be checked without being kept; new images count by their type and words."""
        kept = [
            MediaContent(one.media.blob, one.media.mime, one.alt, one.has_captions)
            for one in self.kept_images()
            if one.is_kept
        ]
        new = [
            MediaContent("", upload.content_type or "", self.cleaned_data.get(f"alt_{number}", ""))
            for number in range(1, NEW_IMAGES + 1)
            if isinstance(upload := self.cleaned_data.get(f"file_{number}"), UploadedFile)
        ]
        return Content(
            text=self.cleaned_data["text"].replace("\r\n", "\n"),
            channels=tuple(self.cleaned_data["channels"]),
            media=(*kept, *new),
            answers=tuple(sorted(self.answers().items())),
            about=tuple(self.parties()),
            signature=signature,
        )


def initial_of(revision: DraftRevision, content: Content) -> dict[str, Any]:
    """What the editor shows of a kept revision."""
    boxes = {code for code, question in QUESTIONS.items() if question.answer is Answer.YES_NO}
    answers = {f"answer_{code}": value == "yes" if code in boxes else value for code, value in content.answers}
    return {
        "text": content.text,
        "channels": list(content.channels),
        "publish_at": local_text(content.publish_at),
        "about": "\n".join(content.about),
        "unit": revision.draft.unit.slug,
        **answers,
    }


class ConsentForm(forms.Form):
    """The consent of a party."""

    given_by = forms.CharField(label="Who gave the consent", max_length=200, help_text="Name and office.")
    given_on = forms.DateField(label="On", widget=forms.DateInput(attrs={"type": "date"}))
    how = forms.CharField(
        label="How", max_length=1000, help_text="For example: e-mail of that day, kept with the clerk."
    )

    def __init__(self, *args: Any, parties: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"] = forms.ChoiceField(label="Who was asked", choices=[(party, party) for party in parties])
        self.order_fields(["party"])


class ResolveForm(forms.Form):
    """What a person found on the platform."""

    found = forms.ChoiceField(
        label="Is it there?",
        choices=[("yes", "Yes, it was published"), ("no", "No, it is not there")],
        widget=forms.RadioSelect,
    )
    url = forms.URLField(label="Its address", required=False, max_length=500, assume_scheme="https")
    native_id = forms.CharField(label="Its id on the platform", required=False, max_length=300)


class AuthorizationForm(forms.Form):
    """Leave to disclose. `kinds` are the clauses of the ban with their words, `units` those one answers for."""

    person = PersonField(label="Who may disclose")
    what = forms.CharField(
        label="What may be disclosed",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text="As exactly as you can: nothing beyond it is covered.",
    )
    basis = forms.CharField(
        label="On what it rests",
        max_length=1000,
        help_text="The law, the consent of whom it is about, or the decision, and where it is kept.",
    )
    starts_at = LocalInstantField(label="From", required=False, help_text="Empty: from now on.")
    ends_at = LocalInstantField(label="Until")

    def __init__(self, *args: Any, units: Sequence[Unit], kinds: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = {unit.slug: unit for unit in units}
        self.fields["unit"] = forms.ChoiceField(
            label="Whose information it is", choices=[(unit.slug, unit.name) for unit in units]
        )
        self.fields["covers"] = forms.MultipleChoiceField(
            label="Which kinds of protected information it covers", choices=kinds, widget=forms.CheckboxSelectMultiple
        )

    def operation_arguments(self) -> dict[str, Any]:
        """The cleaned values as `operations.authorize_disclosure` takes them."""
        return dict(self.cleaned_data) | {"unit": self._units[self.cleaned_data["unit"]]}


class AlertForm(forms.Form):
    """What an alert was, and who did it or what was done about it."""

    verdict = forms.ChoiceField(
        label="What is it?",
        widget=forms.RadioSelect,
        choices=[(code.value, title) for code, title in VERDICT_TITLES.items()],
    )
    explanation = forms.CharField(label="Who did it and why, or what was done about it", max_length=1000)
