"""A platform's terms fetched by the worker from the address the body entered, against a site on loopback."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from rostrum.areas.channels.jobs import terms as jobs
from rostrum.areas.channels.models.terms import TermsChange, TermsLook, TermsSource, TermsVersion
from rostrum.areas.channels.operations import terms_texts
from rostrum.areas.channels.operations.terms_texts import WATCH_DUTY
from rostrum.areas.channels.queries import terms as queries
from rostrum.areas.duties.models import Duty
from rostrum.areas.jobs.models import Job
from rostrum.areas.ledger.models import Entry
from tests.channels import NOW, Staff, a_body, a_live_channel, a_staff
from tests.terms import PRIVACY, TERMS
from tests.unit.connectors.test_documents import a_site

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


class Site:
    """A platform's own page of terms, which can be rewritten or taken down."""

    def __init__(self) -> None:
        self.text, self.status = TERMS, 200
        self.address = ""

    def answer(self, _path: str) -> tuple[int, dict[str, str], bytes]:
        body = f"<html><body><p>{self.text}</p><!-- {id(object())} --></body></html>"
        return self.status, {"Content-Type": "text/html; charset=utf-8"}, body.encode()


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    settings.FETCHES_PRIVATE = True
    made = Site()
    with a_site(made.answer) as (address, _):
        made.address = f"{address}/terms"
        yield made


@pytest.fixture
def staff(site: Site) -> Staff:
    a_body()
    staff = a_staff()
    a_live_channel(staff)
    terms_texts.set_terms_address(
        platform="square",
        document="terms",
        address=site.address,
        is_fetched=True,
        actor=staff.coordinator,
        now=NOW,
    )
    return staff


def fetch(at: Any = NOW) -> TermsLook:
    jobs.fetch_terms({"platform": "square", "document": "terms"}, now=at)
    return TermsLook.objects.first()  # type: ignore[return-value]


def test_a_fetched_text_with_the_same_words_is_a_look_and_a_new_one_a_change(staff: Staff, site: Site) -> None:
    look = fetch()
    assert (look.outcome, look.looked_by, look.version.number) == ("same", None, 1)  # type: ignore[union-attr]
    assert Entry.objects.filter(kind="channels.terms-looked-at.v1").get().actor == "system"

    site.text += "4. Everything you write is ours."
    version = fetch(NOW + HOUR).version
    assert version is not None
    assert (version.number, version.route, version.address) == (2, "fetched", site.address)
    assert TermsChange.objects.get().to_version == version
    assert "Everything you write is ours." in version.text


def test_a_site_that_is_down_is_said_once_and_its_return_too(staff: Staff, site: Site) -> None:
    site.status = 503
    for hours in range(3):
        assert fetch(NOW + hours * HOUR).outcome == "failed"
    source = TermsSource.objects.get()
    assert "answered 503" in source.trouble
    assert Entry.objects.filter(kind="channels.terms-not-reached.v1").count() == 1
    site.status = 200
    assert fetch(NOW + 4 * HOUR).outcome == "same"
    source.refresh_from_db()
    assert source.trouble == ""
    # What could not be reached was not looked at.
    assert queries.is_stale("square", "terms", now=NOW + timedelta(days=91)) is True


def test_what_comes_from_there_and_is_no_text_is_trouble_too(staff: Staff, site: Site) -> None:
    site.text = " "
    assert fetch().outcome == "failed"
    assert "no words" in TermsSource.objects.get().trouble
    assert TermsVersion.objects.filter(document="terms").count() == 1


def test_a_private_address_is_not_fetched_unless_it_is_allowed(staff: Staff, site: Site, settings: Any) -> None:
    settings.FETCHES_PRIVATE = False
    assert fetch().outcome == "failed"
    assert "not a public address" in TermsSource.objects.get().trouble


def test_each_text_is_fetched_once_a_day_and_only_those_that_are_wanted(staff: Staff, site: Site) -> None:
    def queued() -> int:
        return Job.objects.filter(kind="channels.fetch-terms").count()

    # The text was stored by hand just now.
    jobs.look_at_terms({}, now=NOW + HOUR)
    assert queued() == 0
    for _ in range(2):
        jobs.look_at_terms({}, now=NOW + 24 * HOUR)
    assert queued() == 1
    terms_texts.set_terms_address(
        platform="square", document="terms", address=site.address, is_fetched=False, actor=staff.coordinator, now=NOW
    )
    Job.objects.all().delete()
    jobs.look_at_terms({}, now=NOW + 48 * HOUR)
    assert queued() == 0


def test_daily_fetches_relieve_the_watcher_without_a_duty_a_day(staff: Staff, site: Site) -> None:
    def privacy(days: int) -> None:
        terms_texts.store_terms(
            platform="square",
            document="privacy",
            content=PRIVACY.encode(),
            media_type="text/plain",
            route="fetched",
            actor=None,
            now=NOW + timedelta(days=days),
        )

    for days in (1, 2, 50):
        privacy(days)
        fetch(NOW + timedelta(days=days))
    duties = Duty.objects.filter(kind=WATCH_DUTY).order_by("pk")
    assert [one.closed_at for one in duties] == [NOW + timedelta(days=50), None]
