"""The letters of a request: plain text from its own facts. They are sent as jobs, in the act's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rostrum.areas.disclosure import law
from rostrum.areas.disclosure.models import RecordsRequest, ResponsiveRecord
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
            f"Your request for public records reached us on {_day(request.received_at.date())} and has the number "
            f"{request.number}. The records it reaches are on hold, so that nothing responsive is lost meanwhile.",
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
    "granted": "Your request is granted. All {answering} that answer it are released in full.",
    "partial": "Your request is granted in part. {answering} answer it: {released} released in full, {redacted} "
    "released with parts withheld, {withheld} withheld.",
    "denied": "Your request is denied. {answering} answer it, and all of them are withheld for the reasons below.",
    "no_records": "We searched the whole archive of our official channels and found no records that answer your request.",
}


def determination(request: RecordsRequest, outcome: str, records: Sequence[ResponsiveRecord], now: datetime) -> Letter:
    """The written answer: the outcome, each reason with its authority, and the notice of review where it is due.

    A denial in whole or part names its reasons record by record and ends with the review notice (s. 19.35(4)(b)).
    """
    exemptions = law.known_exemptions()
    counts = {
        choice: sum(1 for record in records if record.choice == choice) for choice in ("release", "redact", "withhold")
    }
    answering = sum(counts.values())
    opening = _OPENING[outcome].format(
        answering="1 record" if answering == 1 else f"{answering} records",
        released=counts["release"],
        redacted=counts["redact"],
        withheld=counts["withhold"],
    )
    paragraphs = [_salutation(request), f"You asked: {request.wants}", opening]
    searches = [
        f"• {search.run_at:%Y-%m-%d}: {search.found} found by: {_query_words(search.query)}"
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
    paragraphs.append(f"{_day(now.date())}\n{_close()}")
    return Letter(f"Determination on records request {request.number}", tuple(paragraphs))


def _query_words(query: dict[str, object]) -> str:
    shown = [f"{key.replace('_', ' ').strip()} {value}" for key, value in query.items() if value]
    return "; ".join(shown) or "everything"


def _reasons(records: Sequence[ResponsiveRecord], exemptions: Mapping[str, Exemption]) -> list[str]:
    lines = []
    for record in records:
        if record.choice == "withhold":
            cited = ", ".join(_citation(one, exemptions) for one in record.exemptions)
            lines.append(f"• {record.public_id}: withheld whole under {cited}. {record.reason}")
        elif record.choice == "redact":
            lines += [
                f"• {record.public_id}: a part withheld under {_citation(redaction.exemption, exemptions)}. {redaction.reason}"
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
