"""What the custodian types about a request."""

from collections.abc import Iterable

from django import forms

from rostrum.areas.disclosure import rules
from rostrum.areas.disclosure.models import RecordsRequest, ResponsiveRecord
from rostrum.kernel.decisions import InvalidInput


class IntakeForm(forms.Form):
    """A request that came by mail or by word of mouth."""

    via = forms.ChoiceField(
        label="How it came",
        choices=[(RecordsRequest.Via.MAIL, "Mail or e-mail"), (RecordsRequest.Via.WORD, "By word of mouth")],
        widget=forms.RadioSelect,
        initial=RecordsRequest.Via.MAIL,
    )
    wants = forms.CharField(label="What is asked for", max_length=10_000, widget=forms.Textarea(attrs={"rows": 6}))
    requester_name = forms.CharField(label="Requester's name", max_length=200, required=False)
    requester_email = forms.EmailField(label="Requester's e-mail address", required=False)


class SearchForm(forms.Form):
    """An exhaustive search over the archive."""

    text = forms.CharField(label="Words", max_length=500, required=False)
    channel = forms.ChoiceField(label="Channel", required=False)
    author = forms.CharField(label="Author", max_length=200, required=False)
    from_on = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    to_on = forms.DateField(label="To, inclusive", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: object, channels: Iterable[tuple[str, str]] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["channel"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", "All channels"), *channels]

    def clean(self) -> dict[str, object]:
        """Refuse a period that ends before it begins."""
        data = super().clean() or {}
        start, end = data.get("from_on"), data.get("to_on")
        if start and end and end < start:
            self.add_error("to_on", "The period ends before it begins.")
        return data


class DecisionForm(forms.Form):
    """What is decided about one record."""

    choice = forms.ChoiceField(
        label="Decision",
        widget=forms.RadioSelect,
        choices=[
            (value, label)
            for value, label in ResponsiveRecord.Choice.choices
            if value != ResponsiveRecord.Choice.UNDECIDED
        ],
    )
    exemptions = forms.MultipleChoiceField(label="Exemptions", required=False, widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(label="Reason", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: object, exemptions: Iterable[tuple[str, str]] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["exemptions"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101
        field.choices = list(exemptions)


class RedactionForm(forms.Form):
    """Why marked words are withheld."""

    exemption = forms.ChoiceField(label="Exemption")
    reason = forms.CharField(label="Reason", max_length=1000)

    def __init__(self, *args: object, exemptions: Iterable[tuple[str, str]] = (), **kwargs: object) -> None:
        # It stands on the page with the decision, which has a reason of its own.
        super().__init__(*args, **({"auto_id": "redaction_%s"} | kwargs))  # type: ignore[arg-type]
        field = self.fields["exemption"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", "Choose"), *exemptions]


class FeeForm(forms.Form):
    """Actual, necessary and direct costs; there is no field for reviewing or redacting, for the law allows none."""

    COSTS = ("copying", "photographing", "mailing", "location")

    copying = forms.CharField(label="Copying or transcription, in dollars", max_length=20, required=False)
    photographing = forms.CharField(label="Photographing, in dollars", max_length=20, required=False)
    mailing = forms.CharField(label="Mailing, in dollars", max_length=20, required=False)
    location = forms.CharField(label="Locating the records, in dollars", max_length=20, required=False)
    ask_prepayment = forms.BooleanField(label="Ask for prepayment", required=False)

    def clean(self) -> dict[str, object]:
        """Read the amounts into cents."""
        data = super().clean() or {}
        for name in self.COSTS:
            if name in data:
                try:
                    data[name] = rules.cents(str(data[name]), where="amount")
                except InvalidInput as problem:
                    self.add_error(name, str(problem))
        return data


class QuestionForm(forms.Form):
    """What the requester is asked."""

    question = forms.CharField(label="Your question", max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class AnswerForm(forms.Form):
    """What the requester answered."""

    answer = forms.CharField(
        label="What the requester answered", max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
