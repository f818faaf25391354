"""What was refused is said on the form itself, beside its field, so that nothing typed there is lost."""

from collections.abc import Callable, Mapping

from django import forms

from rostrum.kernel.decisions import InvalidInput, Refused

# Which field a reason is about, by its code.
Places = Mapping[str, str | None] | Callable[[str], str | None]


def say_on_form(form: forms.BaseForm, problem: Refused | InvalidInput, places: Places | None = None) -> None:
    """Put what stands against an act on its form, each reason with its clause.

    `places` names the field that a reason (by its code) or an input (by its place) is about; what has none stands above
    all fields. Fields that hold secrets are of widgets that never show again what was typed.
    """
    place_of = places if callable(places) else (places or {}).get
    if isinstance(problem, InvalidInput):
        _say(form, place_of(problem.where) or problem.where, problem.why)
        return
    form.is_refused = True  # type: ignore[attr-defined]
    for reason in problem.reasons:
        clause = f" ({reason.clause})" if reason.clause else ""
        _say(form, place_of(reason.code), f"{reason.message}{clause}")


def _say(form: forms.BaseForm, place: str | None, words: str) -> None:
    form.add_error(place if place in form.fields else None, words)


def is_done(form: forms.BaseForm, act: Callable[[], object], places: Places | None = None) -> bool:
    """Do the act; where it is refused or cannot be used as it is, say so on the form instead."""
    try:
        act()
    except (Refused, InvalidInput) as problem:
        say_on_form(form, problem, places)
        return False
    return True


def status_of(form: forms.BaseForm) -> int:
    """The answer's status: 409 for a form that a rule refused, 422 for one to be corrected, 200 for one to fill in."""
    if getattr(form, "is_refused", False):
        return 409
    return 422 if form.errors else 200
