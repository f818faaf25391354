"""The form of an assessment: each ground of the closed list with its elements, the measure, the reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from rostrum.areas.moderation.rules import ElementAnswer, GroundAnswer, GroundFacts
from rostrum.areas.moderation.states import Measure

MEASURES = {
    Measure.KEEP: "Keep it: no ground is met",
    Measure.HIDE: "Hide it on the platform",
    Measure.REFER: "Refer it (threat, safety, counsel) and hold the thread",
}


class ReasonForm(forms.Form):
    """The measure proposed and the reason in a sentence."""

    measure = forms.ChoiceField(
        label="What should happen",
        widget=forms.RadioSelect,
        choices=[(measure.value, words) for measure, words in MEASURES.items()],
    )
    reason = forms.CharField(
        label="Reason, in a sentence",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@dataclass(frozen=True, slots=True)
class ElementField:
    """One element of a ground as the form shows it."""

    element: str
    met_name: str
    why_name: str
    met: bool
    why: str


@dataclass(frozen=True, slots=True)
class GroundField:
    """One ground as the form shows it."""

    ground: GroundFacts
    chosen: bool
    elements: tuple[ElementField, ...]


def ground_fields(
    grounds: Iterable[GroundFacts], given: Mapping[str, str] | None, stored: Iterable[GroundAnswer]
) -> list[GroundField]:
    """The grounds with what was typed (`given`) or, before anything was, what is stored."""
    answers = {answer.ground: answer for answer in stored}
    fields = []
    for ground in grounds:
        elements = []
        for number, element in enumerate(ground.elements):
            met_name, why_name = f"met-{ground.id}-{number}", f"why-{ground.id}-{number}"
            if given is not None:
                met, why = met_name in given, given.get(why_name, "")
            else:
                answer = answers[ground.id].elements.get(element) if ground.id in answers else None
                met, why = (answer.met, answer.why) if answer else (False, "")
            elements.append(ElementField(element, met_name, why_name, met, why))
        chosen = f"ground-{ground.id}" in given if given is not None else ground.id in answers
        fields.append(GroundField(ground, chosen, tuple(elements)))
    return fields


def read_answers(grounds: Iterable[GroundFacts], data: QueryDict) -> tuple[GroundAnswer, ...]:
    """The answers to the grounds that were chosen."""
    return tuple(
        GroundAnswer(field.ground.id, {one.element: ElementAnswer(one.met, one.why) for one in field.elements})
        for field in ground_fields(grounds, data.dict(), ())
        if field.chosen
    )
