"""Forms about platforms' terms: texts, who is in charge, the review's answers, decisions."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from rostrum.areas.channels.forms.life import _area
from rostrum.areas.channels.models.terms import TermsReview
from rostrum.areas.channels.rules.terms import USE_TITLES, Answer
from rostrum.areas.channels.terms.questions import (
    BY_ID,
    CHOICES,
    DOCUMENT_TITLES,
    PERSONS,
    PRIVACY_QUESTIONS,
    PROPERTY_QUESTION,
    TERMS_QUESTIONS,
    Question,
)
from rostrum.areas.channels.terms.texts import MOST_BYTES
from rostrum.areas.people.models import User

_DOCUMENTS = [(code.value, title) for code, title in DOCUMENT_TITLES.items()]
_USES = [(code.value, title) for code, title in USE_TITLES.items()]


class PersonField(forms.ChoiceField):
    """One of some persons, by name; cleaned to the person."""

    def __init__(self, persons: Iterable[User], **options: Any) -> None:
        self._persons = {one.public_id: one for one in persons}
        named = [(key, f"{one.name}, {one.unit.name}" if one.unit else one.name) for key, one in self._persons.items()]
        super().__init__(choices=[("", "Choose"), *named], **options)

    def clean(self, value: Any) -> Any:
        """The person chosen, or None."""
        return self._persons.get(super().clean(value))


class StoreTermsForm(forms.Form):
    """A platform's text as it stands now: pasted, or a file saved from the platform's page."""

    document = forms.ChoiceField(label="Which text", choices=_DOCUMENTS)
    pasted = _area("The words, pasted", "Open the page on the platform, select everything, copy, paste.", rows=12)
    file = forms.FileField(
        label="Or a file",
        required=False,
        help_text="The page as saved by the browser (HTML), or a text file, up to 4 MB.",
    )
    address = forms.URLField(
        label="Where it stands", required=False, max_length=500, assume_scheme="https", help_text="The page's address."
    )

    def clean(self) -> dict[str, Any]:
        """Exactly one of text and file."""
        values = super().clean() or {}
        has_text, file = bool(values.get("pasted", "").strip()), values.get("file")
        if has_text == bool(file):
            self.add_error("pasted", "Paste the words, or choose a file.")
        elif file and file.size > MOST_BYTES:
            self.add_error("file", "The file is larger than 4 MB.")
        return values

    def operation_arguments(self) -> dict[str, Any]:
        """The cleaned values as `operations.store_terms` takes them."""
        file = self.cleaned_data["file"]
        return {
            "document": self.cleaned_data["document"],
            "content": file.read() if file else self.cleaned_data["pasted"].encode(),
            "media_type": (file.content_type or "application/octet-stream") if file else "text/plain; charset=utf-8",
            "route": "uploaded" if file else "pasted",
            "address": self.cleaned_data["address"],
        }


class TermsAddressForm(forms.Form):
    """Where a platform publishes a text, and whether it is fetched from there."""

    document = forms.ChoiceField(label="Which text", choices=_DOCUMENTS)
    address = forms.URLField(label="Where it stands", required=False, max_length=500, assume_scheme="https")
    is_fetched = forms.BooleanField(label="Fetch it from there every day", required=False)


class TermsWatchForm(forms.Form):
    """Who watches a platform's terms, and who decides about a change."""

    def __init__(self, *args: Any, persons: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        persons = list(persons)
        self.fields["watcher"] = PersonField(
            persons, label="Who looks whether the terms have changed", help_text="Gets a duty for every look."
        )
        self.fields["decider"] = PersonField(
            persons, label="Who decides about a change", help_text="Nobody else can close the decision."
        )


class ReaderForm(forms.Form):
    """Who reads the terms for a channel."""

    def __init__(self, *args: Any, persons: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reader"] = PersonField(persons, label="Who reads the terms")


class AdoptForm(forms.Form):
    """Why an earlier review of the same texts suits this channel too."""

    fit = _area(
        "Why the terms suit this channel too",
        "With your name under it: it stands for the reading.",
        required=True,
        rows=2,
    )


class ProblemForm(forms.Form):
    """A term that is a problem."""

    quote = _area("The platform's words", "Copied from its terms, as few as will do.", required=True)
    place = forms.CharField(label="Where they stand", required=False, max_length=200, help_text="Section or number.")
    why = _area("Why it is a problem", required=True, rows=2)
    conflicts_with = forms.CharField(
        label="The clause of our policy it goes against",
        required=False,
        max_length=80,
        help_text="Its id, such as WAU-use-10b; it then goes to the information officer at once.",
    )
    is_deal_breaker = forms.BooleanField(
        label="It rules the platform out, unless it is decided otherwise", required=False
    )


class UseForm(forms.Form):
    """A decision on the use of a platform."""

    use = forms.ChoiceField(label="What the body does", choices=_USES, widget=forms.RadioSelect)
    reasons = _area("Reasons", "They stay with the decision, in the record.", required=True)
    conditions = _area("Conditions", "Only when it is used on conditions.", rows=2)


class NoteForm(forms.Form):
    """What the reader should look at again."""

    note = _area("What the reader should look at again", required=True, rows=2)


class UseLookForm(forms.Form):
    """What somebody found who watched over how a channel is used."""

    found = _area("What you found", "Also when there was nothing.", required=True, rows=2)


class CookieUseForm(forms.Form):
    """Whether the body's own site uses persistent cookies."""

    uses_cookies = forms.ChoiceField(
        label="Does our own site keep cookies on visitors' machines after they leave?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
    )
    what_for = _area("What for", "When it does.", rows=2)


class CookieDecisionForm(forms.Form):
    """The information officer's decision about the cookies."""

    keeps = forms.ChoiceField(
        label="Decision", choices=[("yes", "They are kept"), ("no", "They are given up")], widget=forms.RadioSelect
    )
    privacy_policy = forms.CharField(
        label="Version of our privacy policy it was held against", max_length=300, help_text="Its date, or its address."
    )
    reasons = _area("Reasons", required=True, rows=2)


# The review's questions: blanks may be saved, so they are no form of required fields.

SECTIONS: tuple[tuple[str, tuple[Question, ...]], ...] = (
    ("What the privacy policy means for those who visit our pages", PRIVACY_QUESTIONS),
    ("What the terms mean for the body", TERMS_QUESTIONS),
    ("What users post", (PROPERTY_QUESTION,)),
)


def read_answers(posted: QueryDict) -> dict[str, Answer]:
    """The answers as they were typed, of every question that is not answered by naming a person."""
    return {
        question: Answer(
            posted.get(f"{question}-choice", ""),
            posted.get(f"{question}-note", ""),
            posted.get(f"{question}-quote", ""),
            posted.get(f"{question}-place", ""),
        )
        for question in BY_ID
        if question not in PERSONS
    }


def read_persons(posted: QueryDict, persons: Mapping[str, User]) -> dict[str, User | None]:
    """The persons named, as `operations.save_terms_answers` takes them."""
    return {one: persons.get(posted.get(f"{one}-choice", "")) for one in ("authority", "watcher", "decider")}


def shown_sections(
    review: TermsReview,
    answers: Mapping[str, Answer],
    persons: Mapping[str, Iterable[User]],
    clauses: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Everything the page of a review shows of its questions."""
    return [
        {"title": title, "rows": [_row(one, review, answers, persons, clauses) for one in questions]}
        for title, questions in SECTIONS
    ]


def _row(
    question: Question,
    review: TermsReview,
    answers: Mapping[str, Answer],
    persons: Mapping[str, Iterable[User]],
    clauses: Mapping[str, str],
) -> dict[str, Any]:
    answer = answers.get(question.id, Answer())
    choices = CHOICES[question.asks]
    named = next((one.name for one in persons.get(question.id, ()) if one.public_id == answer.choice), "")
    return {
        "question": question,
        "answer": answer,
        "said": named or choices.get(answer.choice, ""),
        "choices": [{"code": code, "words": words} for code, words in choices.items()],
        "persons": persons.get(question.id, ()),
        "is_person": question.id in PERSONS,
        "is_fixed": question.id == "reader",
        "has_quote": bool(question.quote_when),
        "clause": clauses.get(question.id, ""),
        "asks_risks": question.id == "benefits-and-risks",
        "risks": review.risks,
        "asks_interval": question.id == "monitoring",
        "every_days": review.every_days or "",
    }
