"""What tests about records requests start from: a city with records, two custodians, requests at any point."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rostrum.areas.archive import operations as archive
from rostrum.areas.archive import queries
from rostrum.areas.archive.queries import SearchQuery
from rostrum.areas.channels.models import Channel
from rostrum.areas.disclosure import jobs, operations
from rostrum.areas.disclosure.models import Production, RecordsRequest, ResponsiveRecord
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.kernel.items import Item, Kind, Route
from tests.archive import make_channel, make_item
from tests.channels import a_body
from tests.people import a_person

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
PHONE = "(715) 555-0134"
COMPLAINT = f"The pool is closed again! Call me at {PHONE} to talk about it."
PRIVATE = "private-person"


def later(minutes: float = 0, **more: float) -> datetime:
    """So much after the tests' now."""
    return NOW + timedelta(minutes=minutes, **more)


@dataclass
class City:
    """A body under its packs with one channel and two custodians."""

    channel: Channel
    custodian: User
    second: User

    def store(self, *items: Item, **more: Any) -> None:
        """Put Items into the archive as a capture does."""
        archive.store_batch(channel=self.channel, items=items, route=Route.API, actor="system", now=NOW, **more)


def a_city(*items: Item, password: str | None = None) -> City:
    """Wausau with these records; without any, with a post about the pool and two comments, one with a number in it."""
    a_body()
    city = City(
        channel=make_channel("wausau-parks"),
        custodian=a_person(Role.RECORDS_CUSTODIAN, name="Rita Records", email="rita@wausau.example", password=password),
        second=a_person(Role.RECORDS_CUSTODIAN, name="Simon Second", email="simon@wausau.example", password=password),
    )
    city.store(*(items or pool_thread()))
    return city


def pool_thread() -> tuple[Item, ...]:
    """A post about the pool, a comment with a telephone number, and another comment."""
    return (
        make_item("p1", "The pool on Main Street closes for repairs on Monday."),
        a_comment("c1", COMPLAINT, author_name="Pat Doe", author_handle="pat", author_id="u-pat-doe-77"),
        a_comment("c2", "Thank you for fixing the pool."),
    )


def a_comment(native_id: str, text: str, **fields: Any) -> Item:
    """A resident's comment under the post ``p1``."""
    values = {
        "kind": Kind.COMMENT, "author_id": "u-lee", "author_name": "Lee Lund", "author_handle": "lee",
        "parent_id": "p1", "root_id": "p1", "published_at": datetime(2026, 11, 2, 10, 0, tzinfo=UTC),
    }  # fmt: skip
    return make_item(native_id, text, **(values | fields))


def a_request(**fields: Any) -> RecordsRequest:
    """A request just received through the form."""
    values = {"via": "form", "wants": "Everything about the pool", "actor": "public", "now": NOW}
    return operations.receive_request(**(values | fields)).request


def in_review(city: City, query: SearchQuery | None = None, **fields: Any) -> RecordsRequest:
    """A request acknowledged, searched for and in review."""
    request = a_request(**fields)
    name = {"request_id": request.public_id, "actor": city.custodian}
    operations.acknowledge_request(**name, now=later(1))
    operations.run_search(**name, query=query or SearchQuery(text="pool"), now=later(2))
    operations.start_review(**name, now=later(3))
    request.refresh_from_db()
    return request


def record_of(request: RecordsRequest, native_id: str) -> ResponsiveRecord:
    """The request's record of the Item with this native id, in its newest version."""
    return request.records.filter(item__native_id=native_id).order_by("-version__number")[0]


def withhold(city: City, record: ResponsiveRecord, text: str, *, seconded: bool = True, **fields: Any) -> None:
    """Redact these words of the record and decide so; by default with the second person's agreement."""
    start = record.version.text.index(text)
    values: dict[str, Any] = {
        "cuts": [("text", start, start + len(text))],
        "exemption": PRIVATE,
        "reason": "A resident's own telephone number",
        "actor": city.custodian,
        "now": later(4),
    }
    made = operations.propose_redactions(record_id=record.public_id, **(values | fields))
    if seconded:
        for redaction in made:
            operations.second_redaction(redaction_id=redaction.public_id, actor=city.second, now=later(5))
    decide(city, record, "redact")


def decide(city: City, record: ResponsiveRecord, choice: str, **fields: Any) -> None:
    """Decide about a record."""
    operations.decide_record(record_id=record.public_id, choice=choice, actor=city.custodian, now=later(6), **fields)


def release_rest(city: City, request: RecordsRequest) -> None:
    """Release whatever is still undecided."""
    for record in request.records.filter(choice="undecided"):
        decide(city, record, "release")


def determined(city: City, request: RecordsRequest) -> RecordsRequest:
    """The request with its determination issued."""
    operations.issue_determination(request_id=request.public_id, actor=city.custodian, now=later(10))
    request.refresh_from_db()
    return request


def produced(city: City, request: RecordsRequest) -> Production:
    """The production of a determined request, made as the worker makes it."""
    production = operations.ask_production(request_id=request.public_id, actor=city.custodian, now=later(11))
    ledger.sequence(later(12))
    jobs.make_production({"production": production.public_id}, now=later(13))
    production.refresh_from_db()
    request.refresh_from_db()
    return production


def zip_of(production: Production, folder: Path) -> Path:
    """The production's zip as it is handed over."""
    target = folder / "production.zip"
    with queries.blobs().open(production.digest) as stream:
        target.write_bytes(stream.read())
    return target
