"""The pages of custody in a browser: accessible, at 320 px, without scripts, under the strict policy."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, expect

from rostrum.areas.channels import queries
from rostrum.areas.channels.models import Channel, EmergencyRight, LogInDisclosure
from rostrum.areas.channels.operations.custody import report_change
from rostrum.areas.channels.operations.emergency import take_emergency_right
from rostrum.areas.channels.operations.log_in_disclosure import confirm_disclosure, request_disclosure
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from tests.areas.test_custody import FIRST, SEED, deposit
from tests.browser import NARROW, WIDE, Visitor, browser, served
from tests.channels import Square, Staff, a_body, a_live_channel, a_square, a_staff, an_opened_channel
from tests.people import PASSWORD, a_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def address(transactional_db: None) -> Iterator[str]:
    with served() as found:
        yield found


@pytest.fixture
def square(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Square]:
    with a_square(tmp_path / "square", monkeypatch) as made:
        yield made


def with_password(person: User) -> User:
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def staff(square: Square) -> Staff:
    a_body()
    staff = a_staff()
    with_password(staff.coordinator)
    with_password(staff.head)
    a_person(Role.COORDINATOR, name="Robin Deputy", password=PASSWORD, email="robin@example.gov")
    return staff


@pytest.fixture
def channels(staff: Staff, square: Square) -> tuple[Channel, Channel]:
    """One that speaks, and one whose log-in has every part."""
    live = a_live_channel(staff, token=square.token)
    page = an_opened_channel(staff, platform="facebook", handle="WausauPage", name="Wausau Page")
    before = timezone.now() - timedelta(days=2)
    deposit(
        page,
        staff.coordinator,
        {"login": "parks-page", "password": FIRST, "recovery_codes": "1111-2222", "totp_seed": SEED},
        now=before,
    )
    return live, page


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_pages_of_custody_are_accessible_and_fit(
    chromium: Browser, address: str, staff: Staff, channels: tuple[Channel, Channel], width: int
) -> None:
    live, page = channels
    now = timezone.now()
    report_change(channel_id=page.public_id, changed_at=now - timedelta(hours=30), actor=staff.head, now=now)
    asked = request_disclosure(
        channel_id=page.public_id,
        parts=["login", "password"],
        reason="The platform asks for it when the page moves",
        actor=staff.coordinator,
        now=now,
    )
    emergency = take_emergency_right(
        channel_id=live.public_id, reason="The dam is overflowing", actor=staff.head, now=now
    )
    visitor = Visitor(chromium, address, width=width)
    visitor.sign_in(staff.coordinator.email, PASSWORD)
    pages = [
        ("custody", reverse("custody")),
        ("channel-custody", reverse("channel", args=[page.slug])),
        ("channel-emergency", reverse("channel", args=[live.slug])),
        ("deposit", reverse("channel-deposit", args=[page.slug])),
        ("changed", reverse("channel-changed", args=[page.slug])),
        ("unchanged", reverse("channel-unchanged", args=[page.slug])),
        ("code", reverse("channel-code", args=[page.slug])),
        ("disclose", reverse("channel-disclose", args=[live.slug])),
        ("disclosure", reverse("custody-disclosure", args=[asked.public_id])),
        ("emergency-right", reverse("custody-emergency", args=[emergency.public_id])),
    ]
    for name, path in pages:
        visitor.open(path)
        visitor.assert_fits()
        visitor.assert_accessible()
        visitor.shoot(name)

    visitor.open(reverse("channel-code", args=[page.slug]))
    visitor.page.get_by_role("button", name="Show a code").click()
    expect(visitor.page.get_by_text("Good for")).to_be_visible()
    visitor.assert_fits()
    visitor.assert_accessible()
    visitor.shoot("code-shown")

    confirm_disclosure(
        disclosure_id=asked.public_id, actor=User.objects.get(email="robin@example.gov"), now=timezone.now()
    )
    visitor.open(reverse("custody-disclosure", args=[asked.public_id]))
    visitor.shoot("disclosure-confirmed")
    visitor.page.get_by_role("button", name="Show it, this once").click()
    expect(visitor.page.get_by_text(FIRST)).to_be_visible()
    visitor.assert_fits()
    visitor.assert_accessible()
    visitor.shoot("shown")
    visitor.page.reload()
    expect(visitor.page.get_by_text(FIRST)).to_have_count(0)
    visitor.assert_no_complaints()
    visitor.close()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_an_officer_takes_the_emergency_right_without_scripts(
    chromium: Browser, address: str, staff: Staff, channels: tuple[Channel, Channel], width: int
) -> None:
    live, _ = channels
    visitor = Visitor(chromium, address, width=width, scripts=False)
    visitor.sign_in(staff.head.email, PASSWORD)
    visitor.open(reverse("channel", args=[live.slug]))
    visitor.page.get_by_role("link", name="Speak here in an emergency").click()
    visitor.assert_fits()
    visitor.assert_accessible()
    visitor.shoot("emergency")
    visitor.page.get_by_label("What has happened").fill("The dam is overflowing")
    visitor.page.get_by_role("button", name="Take the right and write").click()
    expect(visitor.page.get_by_role("heading", name="Write a post")).to_be_visible()
    expect(visitor.page.get_by_label("Wausau Parks")).to_be_checked()
    assert EmergencyRight.objects.get().person == staff.head
    visitor.close()


def test_a_deposit_that_is_mistyped_comes_back_empty(
    chromium: Browser, address: str, staff: Staff, channels: tuple[Channel, Channel]
) -> None:
    _, page = channels
    visitor = Visitor(chromium, address, scripts=False)
    visitor.sign_in(staff.coordinator.email, PASSWORD)
    visitor.open(reverse("channel-deposit", args=[page.slug]))
    visitor.page.get_by_label("Recovery codes").first.fill("9999-0000")
    visitor.page.get_by_label("Seed of one-time codes").first.fill("no seed at all!")
    visitor.page.get_by_role("button", name="Deposit").click()
    expect(visitor.page.get_by_role("alert")).to_contain_text("base32")
    assert "9999-0000" not in visitor.page.content()
    assert "no seed at all!" not in visitor.page.content()
    visitor.assert_accessible()
    visitor.shoot("deposit-wrong")
    credential = queries.credential_in_force(page)
    assert credential is not None
    assert not LogInDisclosure.objects.exists()
    visitor.close()
