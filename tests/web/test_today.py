"""What waits for somebody, in the words of a person's day."""

from datetime import UTC, datetime

import pytest

from rostrum.areas.duties import operations as duties
from rostrum.areas.people.rules import Role
from tests.people import a_person, signed_in

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
# The end of December 7 in Wisconsin.
MIDNIGHT = datetime(2126, 12, 8, 6, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "subject", "link"),
    [
        ("request.respond", "req-1", "/desk/requests/req-1/"),
        ("archive.fill-gap", "gap-1", "/desk/archive/captures/"),
        ("ledger.explain-trouble", "log-1", ""),
    ],
)
def test_a_duty_leads_to_the_page_where_it_is_done_and_is_due_by_a_day(kind: str, subject: str, link: str) -> None:
    duties.open_duty(
        kind=kind,
        title="What has to be done",
        owner_role=Role.RECORDS_CUSTODIAN,
        due_at=MIDNIGHT,
        subject=subject,
        actor="system",
        now=NOW,
    )
    page = signed_in(a_person(Role.RECORDS_CUSTODIAN)).get("/desk/").content.decode()
    assert (f'<a href="{link}">What has to be done</a>' in page) is bool(link)
    assert "due by" in page
    assert "Dec" in page
    assert "7" in page.split("due by")[1][:60]
