"""What goes with the right to speak, in a browser: areas, authorizations, reminders, where one works from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from rostrum.areas.channels.models import Channel, RightRequest
from rostrum.areas.governance import operations as governance
from rostrum.areas.people import operations as people
from rostrum.areas.people.rules import Role
from rostrum.areas.publishing import operations, queries
from rostrum.areas.publishing.checks import approver_questions
from rostrum.areas.publishing.models import Draft
from rostrum.areas.publishing.rules.places import Place
from tests.browser import NARROW, WIDE, Visitor, browser, served
from tests.channels import NOW, Staff, a_body, a_live_channel, a_square, a_staff
from tests.people import LONG_AGO, PASSWORD, a_person
from tests.publishing import a_draft, an_authorization, speaks_on
from tests.rights import a_request

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEALTH = "Our lifeguard Ms. Novak was hospitalized for a concussion and is well again."
ANSWERS = {"WI480-040-04c": "It is the same", "programme_area": "Trails"}
AWAY = Place(browser="Chrome on Android", network="203.0.113.0/24", reason="At the flood, by telephone")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def address(transactional_db: None) -> Iterator[str]:
    with served() as found:
        yield found


@dataclass
class Agency:
    """An agency under all the clauses that ask something of who speaks, and posts that they ask about."""

    staff: Staff
    channel: Channel
    protected: Draft
    written: Draft
    approved: Draft
    right: RightRequest


@pytest.fixture
def agency(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Agency]:
    a_body("wi-hrh-480", name="A state agency")
    staff = a_staff()
    persons = (staff.spokesperson, staff.head, staff.public_affairs)
    for person in persons:
        person.set_password(PASSWORD)
        person.save()
    with a_square(tmp_path / "square", monkeypatch) as square:
        channel = a_live_channel(staff, token=square.token)
        speaks_on(staff.spokesperson, channel)
        RightRequest.objects.filter(person=staff.spokesperson).update(topics=["Trails", "Beaches"])
        packs = ("dma-2.110", "milwaukee-personal")
        governance.activate_packs(
            packs=packs,
            effective_on=dict.fromkeys(packs, date(2026, 1, 1)),
            reference="Order 26-002",
            actor="system",
            now=NOW,
        )
        an_authorization(staff, starts_at=LONG_AGO, ends_at=NOW + timedelta(days=36500))
        people.propose_computer(label="PC 12", browser="Firefox on Linux", actor=staff.spokesperson, now=NOW)
        beyond = ANSWERS | {"programme_area": "Hunting"}
        protected = a_draft(staff, channel, text=HEALTH, answers=beyond)
        written = a_draft(staff, channel, answers=ANSWERS)
        approved = a_draft(staff, channel, text="The trail opens on Sunday.", answers=ANSWERS)
        operations.submit_draft(
            draft_id=approved.public_id,
            confirmed=queries.all_reminders(),
            place=AWAY,
            actor=staff.spokesperson,
            now=NOW,
        )
        operations.approve_draft(
            draft_id=approved.public_id,
            digest=queries.current_revision(approved).digest,
            answers={one.clause: "Looked at" for one in approver_questions()},
            actor=staff.head,
            now=NOW,
        )
        right = a_request(staff, channel, person=a_person(unit=staff.unit), topics=["Trails"], actor=staff.head)
        yield Agency(staff, channel, protected, written, approved, right)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_what_goes_with_the_right_to_speak_is_accessible_and_fits(
    chromium: Browser, address: str, agency: Agency, width: int
) -> None:
    def look(who: str, pages: dict[str, str]) -> None:
        visitor = Visitor(chromium, address, width=width)
        visitor.sign_in(who, PASSWORD)
        for name, path in pages.items():
            visitor.open(path)
            visitor.assert_fits()
            visitor.assert_accessible()
            visitor.shoot(f"speak-{name}")
        visitor.assert_no_complaints()
        visitor.close()

    look(
        agency.staff.spokesperson.email,
        {
            "editor": f"/desk/write/{agency.protected.public_id}/edit",
            "hand-in": f"/desk/write/{agency.written.public_id}/",
            "publish": f"/desk/write/{agency.approved.public_id}/",
            "place": "/desk/write/place",
            "rights": "/desk/rights/mine",
        },
    )
    look(
        agency.staff.head.email,
        {"authorizations": "/desk/write/disclosures", "right": f"/desk/rights/requests/{agency.right.public_id}"},
    )
    look(agency.staff.public_affairs.email, {"clear": f"/desk/write/{agency.protected.public_id}/"})


def test_without_scripts_an_author_hands_in_with_a_reminder_and_a_reason(
    chromium: Browser, address: str, agency: Agency
) -> None:
    visitor = Visitor(chromium, address, scripts=False)
    visitor.sign_in(agency.staff.spokesperson.email, PASSWORD)
    page = visitor.open(f"/desk/write/{agency.written.public_id}/")
    panel = page.get_by_role("region", name="Hand it in")
    panel.get_by_text("Never post what you would not say aloud").click()
    panel.get_by_label("Why not from the body’s own computer and network").fill("At the flood")
    panel.get_by_role("button", name="Hand in for review").click()
    expect(page.get_by_text("Handed in for review.")).to_be_visible()
    expect(page.get_by_role("region", name="Worked from")).to_contain_text("At the flood")
    assert Role.PUBLIC_AFFAIRS in {role.role for role in agency.staff.public_affairs.role_grants.all()}
    visitor.close()
