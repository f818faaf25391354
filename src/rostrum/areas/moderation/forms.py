"""The forms of an assessment: each ground of the closed list with its elements and facts, the measure, the reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from django import forms
from django.http import QueryDict

from rostrum.areas.moderation.queries import REFER_TO
from rostrum.areas.moderation.rules import PASSAGE, ElementAnswer, GroundAnswer, GroundFacts
from rostrum.areas.moderation.states import Measure
from rostrum.areas.people.rules import ROLE_TITLES

MEASURES = {
    Measure.KEEP: "Keep it",
    Measure.HIDE: "Hide it on the platform",
    Measure.REFER: "Refer it to another office",
}
# What a ground may need to be told, as the form asks for it: label and hint.
NEEDS: Mapping[str, tuple[str, str]] = {
    PASSAGE: ("The passage", "Copy the comment’s own words."),
    "target": ("Who or what is the target", ""),
    "law": ("Which law, or why it is unlawful", "Statute, ordinance or rule, with its number where you know it."),
    "status": ("Which listed status", ""),
    "campaign": ("Which campaign", "The office or the ballot question; support and opposition alike."),
    "entity": ("Which business or entity", ""),
    "owner": ("The owner, or the notice’s reference", ""),
    "topic": ("The topic of the original post", "As the post itself says it."),
}


class AssessmentForm(forms.Form):
    """The measure proposed, to whom it is referred, and the reason in a sentence."""

    refer_to = forms.ChoiceField(
        label="Refer it to",
        required=False,
        choices=[("", "— only when it is referred —"), *((role.value, ROLE_TITLES[role]) for role in REFER_TO)],
        help_text="They owe an answer, and the thread is held until they have given it.",
    )
    reason = forms.CharField(label="Reason, in a sentence", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: object, can_hide: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["measure"] = forms.ChoiceField(
            label="Measure",
            widget=forms.RadioSelect,
            choices=[(code.value, words) for code, words in MEASURES.items() if can_hide or code is not Measure.HIDE],
        )


class ReasonForm(forms.Form):
    """Why something is given up or taken back, or what came of it."""

    # The form's prefix says which act it belongs to; several stand on one page.
    LABELS: ClassVar = {
        "end-block": "Why the block ends",
        "drop": "Why it is given up",
        "answer": "What was done about it",
        "restore": "Why it is shown again",
        "abandon": "Why the removal is given up",
    }
    reason = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: QueryDict | None = None, *, prefix: str) -> None:
        super().__init__(data, prefix=prefix)
        self.fields["reason"].label = self.LABELS[prefix]


class NoticeForm(forms.Form):
    """How the author was told, or why that was impossible."""

    told = forms.ChoiceField(
        label="Was the author told?",
        choices=[("yes", "Yes, the author was told"), ("no", "It was impossible")],
        widget=forms.RadioSelect,
    )
    how = forms.CharField(label="How, or why it was impossible", max_length=500)


class BlockForm(forms.Form):
    """For how long somebody is kept from the channel, why, and how they reach the body meanwhile."""

    days = forms.IntegerField(label="For how many days", min_value=1, max_value=3650)
    reason = forms.CharField(label="Why, in a sentence", max_length=2000)
    heard_by = forms.CharField(label="How the person can reach us meanwhile", max_length=500)


class NoticeAnswerForm(forms.Form):
    """Where the standard reply to a message meant as legal notice was given, or why it could not be."""

    given = forms.ChoiceField(
        label="Was the reply given?",
        choices=[("yes", "Yes, its author got the reply"), ("no", "It was impossible")],
        widget=forms.RadioSelect,
    )
    how = forms.CharField(label="Where, or why it was impossible", max_length=500)


@dataclass(frozen=True, slots=True)
class ElementField:
    """One element of a ground as the form shows it."""

    element: str
    met_name: str
    why_name: str
    met: bool
    why: str


@dataclass(frozen=True, slots=True)
class NeedField:
    """One fact that a ground needs, as the form asks for it; with `choices`, one of these."""

    need: str
    name: str
    label: str
    hint: str
    value: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroundField:
    """One ground as the form shows it. It is chosen as soon as anything in it is filled in."""

    ground: GroundFacts
    elements: tuple[ElementField, ...]
    needs: tuple[NeedField, ...]

    @property
    def is_chosen(self) -> bool:
        """Whether anything was filled in."""
        return any(one.met or one.why.strip() for one in self.elements) or any(one.value.strip() for one in self.needs)


def ground_fields(
    grounds: Iterable[GroundFacts], given: Mapping[str, str] | None, stored: Iterable[GroundAnswer] = ()
) -> list[GroundField]:
    """The grounds with what was typed (`given`) or, before anything was, what is stored."""
    answers = {answer.ground: answer for answer in stored}
    return [_ground_field(ground, given, answers.get(ground.id)) for ground in grounds]


def _ground_field(ground: GroundFacts, given: Mapping[str, str] | None, stored: GroundAnswer | None) -> GroundField:
    elements = []
    for number, element in enumerate(ground.elements):
        met_name, why_name = f"met-{ground.id}-{number}", f"why-{ground.id}-{number}"
        if given is not None:
            met, why = met_name in given, given.get(why_name, "")
        else:
            answer = stored.elements.get(element) if stored else None
            met, why = (answer.met, answer.why) if answer else (False, "")
        elements.append(ElementField(element, met_name, why_name, met, why))
    needs = []
    for need in ground.needs:
        name = f"need-{ground.id}-{need}"
        value = given.get(name, "") if given is not None else (stored.needs.get(need, "") if stored else "")
        label, hint = NEEDS.get(need, (need.capitalize(), ""))
        needs.append(NeedField(need, name, label, hint, value, ground.choices.get(need, ())))
    return GroundField(ground, tuple(elements), tuple(needs))


def typed(data: QueryDict) -> dict[str, str]:
    """What a form sent, one text per name."""
    return {name: str(data[name]) for name in data}


def answers_in(grounds: Iterable[GroundFacts], given: Mapping[str, str]) -> tuple[GroundAnswer, ...]:
    """The answers to the grounds in which anything was filled in."""
    return tuple(
        GroundAnswer(
            field.ground.id,
            {one.element: ElementAnswer(one.met, one.why) for one in field.elements},
            {one.need: one.value for one in field.needs},
        )
        for field in ground_fields(grounds, given)
        if field.is_chosen
    )
