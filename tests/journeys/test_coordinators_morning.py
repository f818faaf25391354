"""The coordinator's morning: from signing in to an empty list of urgent things, each act counted.

By keyboard alone, at a wide and a narrow window, with and without scripts; every page on the way is looked at by axe.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, expect

from rostrum.areas.channels import operations as channels
from rostrum.areas.channels.models import Channel
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties.models import Duty
from rostrum.areas.people.rules import Role
from tests.browser import NARROW, WIDE, Visitor, browser, served
from tests.channels import a_body, a_live_channel, a_reviewed_channel, a_square, a_staff
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EMAIL = "coordinator@wausau.example"
HOUR = timedelta(hours=1)
# Signing in, three urgent things with a link and a button each, the way back to Today: what five minutes hold.
MOST_ACTS = 14
_MOST_STEPS = 120


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def address(transactional_db: None) -> Iterator[str]:
    with served() as found:
        yield found


@pytest.fixture
def channel(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Channel]:
    """A night went by: a line was lost, an explanation is overdue, a channel is asked for, somebody else is late."""
    now = timezone.now()
    a_body()
    staff = a_staff()
    staff.coordinator.email = EMAIL
    staff.coordinator.set_password(PASSWORD)
    staff.coordinator.save()
    with a_square(tmp_path / "square", monkeypatch) as square:
        found = a_live_channel(staff, token=square.token)
        channels.note_connection(
            channel_id=found.public_id, trouble="platform_error", actor="system", now=now - 9 * HOUR
        )
        a_reviewed_channel(staff, handle="wausau-pool", name="Wausau Pool")
        for kind, title, owner, role, subject in (
            ("ledger.explain-trouble", "Say why the log was begun anew", staff.coordinator, Role.COORDINATOR, "log-1"),
            ("archive.fill-gap", "Fill the gap of Tuesday", staff.head, Role.DEPARTMENT_HEAD, "gap-1"),
        ):
            duties.open_duty(
                kind=kind,
                title=title,
                owner_role=role,
                owner=owner,
                due_at=now - 2 * HOUR,
                subject=subject,
                actor="system",
                now=now - 20 * HOUR,
            )
        yield found


@dataclass
class Morning:
    """Somebody at a keyboard, whose acts are counted: each link followed and each form sent."""

    visitor: Visitor
    acts: list[str] = field(default_factory=list)

    def reach(self, what: Locator) -> None:
        """Tab to it, as somebody without a mouse does."""
        page = self.visitor.page
        expect(what.first).to_be_visible()
        for _ in range(_MOST_STEPS):
            if what.first.evaluate("one => one === document.activeElement"):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"{what} is not reached by the keyboard on {page.url}")

    def press(self, what: Locator, name: str) -> None:
        """Follow the link or press the button, and look at the page that comes."""
        self.reach(what)
        page = self.visitor.page
        # A form may lead to another page by way of a redirect: wait until what was pressed brought the page after it.
        with page.expect_event("load"):
            page.keyboard.press("Enter")
        self.acts.append(name)
        self.visitor.assert_fits()
        self.visitor.assert_accessible()

    def type_into(self, what: Locator, words: str) -> None:
        """Write into a field."""
        self.reach(what)
        self.visitor.page.keyboard.type(words)


@pytest.mark.parametrize(("width", "scripts"), [(WIDE, True), (NARROW, False)])
def test_from_signing_in_to_an_empty_list_of_urgent_things(
    chromium: Browser, address: str, channel: Channel, width: int, scripts: bool
) -> None:
    visitor = Visitor(chromium, address, width=width, scripts=scripts)
    page, morning = visitor.page, Morning(visitor)
    visitor.open("/desk/")
    morning.type_into(page.get_by_label("E-mail address"), EMAIL)
    morning.type_into(page.get_by_label("Password", exact=True), PASSWORD)
    morning.press(page.get_by_role("button", name="Sign in"), "sign in")
    visitor.shoot("morning-begins")
    urgent = page.locator(".ros-panel--urgent")

    # What is mine.
    expect(urgent.get_by_role("link", name="My duties")).to_be_visible()
    morning.press(urgent.get_by_role("link", name="Say why the log was begun anew"), "open my duty")
    morning.type_into(
        page.get_by_role("textbox", name="What was done"), "Restored from Monday's backup; nothing was lost."
    )
    morning.press(page.get_by_role("button", name="Close the duty"), "say what was done")
    expect(page.get_by_text("The duty is closed.")).to_be_visible()

    # A line that does not hold: the duty leads to where it is tried again.
    morning.press(today_link(visitor), "back to Today")
    expect(urgent.get_by_role("link", name="My duties")).to_have_count(0)
    morning.press(urgent.get_by_role("link", name=f"Restore the connection of {channel.name}"), "open the connection")
    morning.press(page.get_by_role("button", name="Try the connection now"), "try it")
    expect(page.get_by_text("The platform lets us in.")).to_be_visible()

    morning.press(today_link(visitor), "back to Today")
    expect(urgent).to_have_count(0)
    visitor.shoot("morning-ends")
    assert len(morning.acts) <= MOST_ACTS, morning.acts
    assert not Duty.objects.filter(closed_at=None, owner__email=EMAIL, due_at__lte=timezone.now()).exists()

    # Nothing urgent is left; what has time, what others are late with, and what waits for a decision, is still read.
    expect(page.get_by_role("heading", name="Overdue, and whose")).to_be_visible()
    expect(page.get_by_role("link", name="Dana Head").first).to_be_visible()
    expect(page.get_by_role("link", name="Wausau Pool").first).to_be_visible()
    expect(page.get_by_role("link", name="Look whether Sample square has changed its terms").first).to_be_visible()
    visitor.assert_no_complaints()
    visitor.close()


def today_link(visitor: Visitor) -> Locator:
    """The link to Today that is there at every width: the product's name in the header."""
    return visitor.page.get_by_role("banner").get_by_role("link", name="Rostrum")
