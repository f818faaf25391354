"""The letters of a request: plain text from its own facts. They are sent as jobs, in the act's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from rostrum.areas.channels.models import Channel
from rostrum.areas.disclosure import law
from rostrum.areas.disclosure.models import RecordsRequest, ResponsiveRecord
from rostrum.areas.disclosure.verifying import Watch
from rostrum.areas.disclosure.withholding import chosen_from, masked_query, secrets_of
from rostrum.areas.governance import queries as governance
from rostrum.areas.jobs import operations as jobs
from rostrum.policy.packs.model import Exemption


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: its title and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """The letter as plain text."""
        return "\n\n".join((self.title, *self.paragraphs)) + "\n"


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _day_of(at: datetime) -> str:
    """The civil day of an instant where the body is: a letter written in the evening bears that evening's date."""
    return _day(at.astimezone(ZoneInfo(settings.LEGAL_TIME_ZONE)).date())


def _salutation(request: RecordsRequest) -> str:
    return f"Dear {request.requester_name}:" if request.requester_name else "To the requester:"


def _close() -> str:
    return f"Records custodian\n{governance.body_name()}"


def acknowledgement(request: RecordsRequest) -> Letter:
    """That the request came in, its number, and when we aim to answer."""
    return Letter(
        f"We received your records request {request.number}",
        (
            _salutation(request),
            f"Your request for public records reached us on {_day_of(request.received_at)} and has the number "
            f"{request.number}. What our search for it finds is put on hold, so that nothing is lost meanwhile.",
            f"We aim to answer by {_day(request.respond_by_on)}. The law sets no fixed number of days; it asks us to "
            "answer as soon as practicable and without delay.",
            "You need not say why you ask, nor who you are.",
            _close(),
        ),
    )


def question(request: RecordsRequest) -> Letter:
    """What the requester should make clear."""
    return Letter(
        f"A question about your records request {request.number}",
        (_salutation(request), request.question, "We go on as soon as we hear from you.", _close()),
    )


_OPENING = {
    "granted": "Your request is granted. We found {answering} that answer it; everything is released in full.",
    "partial": "Your request is granted in part. We found {answering} that answer it: {parted}.",
    "denied": "Your request is denied. We found {answering} that answer it; everything is withheld for the reasons "
    "below.",
    "no_records": "We searched the whole archive of our official channels and found no records that answer your "
    "request.",
}

_PARTED = {"release": "released in full", "redact": "released with parts withheld", "withhold": "withheld whole"}


def _count(number: int, noun: str = "record") -> str:
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"


def determination(request: RecordsRequest, outcome: str, records: Sequence[ResponsiveRecord], now: datetime) -> Letter:
    """The written answer: the outcome, each reason with its authority, and the notice of review where it is due.

    A denial in whole or part names its reasons record by record and ends with the review notice (s. 19.35(4)(b)).
    """
    exemptions = law.known_exemptions()
    watch = Watch(secrets_of(chosen_from(records)))
    counts = {
        choice: sum(1 for record in records if record.choice == choice) for choice in ("release", "redact", "withhold")
    }
    answering = sum(counts.values())
    items = len({record.version.item_id for record in records if record.choice in counts})
    opening = _OPENING[outcome].format(
        # What was edited is there in each of its versions: the searches below count the item once.
        answering=_count(answering)
        + (f" ({_count(items, 'item')} in {answering} versions)" if items != answering else ""),
        parted=", ".join(f"{counts[choice]} {words}" for choice, words in _PARTED.items() if counts[choice]),
    )
    paragraphs = [_salutation(request), f"You asked: {watch.masked(request.wants)}", opening]
    searches = [
        f"• {_day_of(search.run_at)}: {_count(search.found, 'item')} found by: "
        f"{watch.masked(query_words(masked_query(search.query, watch)))}"
        for search in request.searches.all()
    ]
    paragraphs.append("How we searched, so that you can judge it:\n" + "\n".join(searches))
    if outcome in ("partial", "denied"):
        paragraphs.append("What is withheld, and why:\n" + "\n".join(_reasons(records, exemptions)))
        paragraphs.append(law.notice("review-notice"))
    if outcome in ("granted", "partial"):
        paragraphs.append(
            "The records come as one bag: readable copies (PDF, CSV), the data itself (JSON), and proofs with which "
            "anyone can check, without trusting us, that nothing was changed or left out."
        )
    paragraphs.append(f"{_day_of(now)}\n{_close()}")
    return Letter(f"Determination on records request {request.number}", tuple(paragraphs))


_QUERY_WORDS = {
    "text": "the words “{}”",
    "channels": "on {}",
    "authors": "by {}",
    "kinds": "of the kind {}",
    "from": "from {}",
    "to": "before {}",
    "states": "in the state {}",
}


def query_words(query: Mapping[str, object]) -> str:
    """A saved search in words; its channels by the names they have on the portal."""
    shown = []
    for name, pattern in _QUERY_WORDS.items():
        value = query.get(name)
        if not value:
            continue
        if name == "channels" and isinstance(value, list):
            names = dict(Channel.objects.filter(slug__in=value).values_list("slug", "name"))
            value = [names.get(one, one) for one in value]
        if name in ("from", "to"):
            value = _day_of(datetime.fromisoformat(str(value)))
        shown.append(pattern.format(", ".join(map(str, value)) if isinstance(value, list) else value))
    return ", ".join(shown) or "everything in the archive"


def _reasons(records: Sequence[ResponsiveRecord], exemptions: Mapping[str, Exemption]) -> list[str]:
    lines = []
    for record in records:
        if record.choice == "withhold":
            cited = ", ".join(_citation(one, exemptions) for one in record.exemptions)
            lines.append(f"• {record.public_id}: withheld whole under {cited}. {record.reason}")
        elif record.choice == "redact":
            lines += [
                f"• {record.public_id}: a part withheld under {_citation(redaction.exemption, exemptions)}. "
                f"{redaction.reason}"
                for redaction in record.redactions.all()
                if redaction.dropped_at is None
            ]
    return lines


def _citation(exemption_id: str, exemptions: Mapping[str, Exemption]) -> str:
    exemption = exemptions.get(exemption_id)
    return f"{exemption.citation} ({exemption.title})" if exemption else exemption_id


def send(request: RecordsRequest, which: str, *, now: datetime) -> None:
    """Queue a letter by e-mail where the requester gave an address; the portal shows it in any case.

    The job is told which letter, never its text.
    """
    if request.requester_email:
        jobs.enqueue("disclosure.send-letter", {"request": request.public_id, "letter": which}, now=now)


def letter_text(request: RecordsRequest, which: str) -> tuple[str, str]:
    """The subject and text of a letter to be mailed: ``acknowledgement``, ``question`` or ``determination``."""
    if which == "determination":
        title, _, rest = request.determination.letter.partition("\n\n")
        return title, rest
    letter = {"acknowledgement": acknowledgement, "question": question}[which](request)
    return letter.title, "\n\n".join(letter.paragraphs)
