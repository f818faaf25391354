"""Channels and posts in a browser: findings while typing, accessible, at 320 px, by keyboard, without scripts."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from rostrum.areas.channels.models import Channel
from rostrum.areas.publishing import operations
from rostrum.areas.publishing.models import Draft
from tests.browser import NARROW, WIDE, Visitor, browser, served
from tests.channels import NOW, Staff, a_body, a_live_channel, a_requested_channel, a_square, a_staff
from tests.people import PASSWORD
from tests.publishing import PNG, TEXT, a_draft, a_scheduled_draft, a_submitted_draft, speaks_on, work
from tests.simulators import misbehaving

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def address(transactional_db: None) -> Iterator[str]:
    with served() as found:
        yield found


@dataclass
class Town:
    """A body with one live channel, one asked for, and posts at several points of their life."""

    staff: Staff
    channel: Channel
    asked_for: Channel
    writing: Draft
    in_review: Draft
    published: Draft
    unclear: str


@pytest.fixture
def town(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    a_body()
    staff = a_staff()
    for person in (staff.spokesperson, staff.head, staff.coordinator):
        person.set_password(PASSWORD)
        person.save()
    with a_square(tmp_path / "square", monkeypatch) as square:
        channel = a_live_channel(staff, token=square.token)
        speaks_on(staff.spokesperson, channel)
        published, publications = a_scheduled_draft(staff, channel)
        work(publications)
        _, lost = a_scheduled_draft(staff, channel, text="The pool is open until ten.")
        square.transport.next(misbehaving.silent, "POST", "/api/posts")
        work(lost)
        yield Town(
            staff=staff,
            channel=channel,
            asked_for=a_requested_channel(staff, handle="wausau-pools", name="Wausau Pools"),
            writing=a_draft(
                staff,
                channel,
                text="Mrs. Novak (715-555-0142) asks the Police Department. #communitycleanup",
                media=[operations.MediaInput(data=PNG, name="pad.png")],
            ),
            in_review=a_submitted_draft(staff, channel, text=f"{TEXT} #communitycleanup"),
            published=published,
            unclear=lost[0].public_id,
        )


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_channel_and_writing_pages_are_accessible_and_fit(
    chromium: Browser, address: str, town: Town, width: int
) -> None:
    def look(who: str, pages: dict[str, str]) -> None:
        visitor = Visitor(chromium, address, width=width)
        visitor.sign_in(who, PASSWORD)
        for name, path in pages.items():
            visitor.open(path)
            visitor.assert_fits()
            visitor.assert_accessible()
            visitor.shoot(name)
        visitor.assert_no_complaints()
        visitor.close()

    channel, pools = f"/desk/channels/{town.channel.slug}/", f"/desk/channels/{town.asked_for.slug}/"
    look(
        town.staff.coordinator.email,
        {"channels": "/desk/channels/", "channel": channel, "channel-requested": pools},
    )
    look(
        town.staff.head.email,
        {
            "channel-request": "/desk/channels/new",
            "channel-open": f"{pools}open",
            "channel-deposit": f"{channel}deposit",
            "channel-describe": f"{channel}describe",
            "draft-in-review": f"/desk/write/{town.in_review.public_id}/",
        },
    )
    look(
        town.staff.spokesperson.email,
        {
            "write": "/desk/write/",
            "editor-new": "/desk/write/new",
            "editor": f"/desk/write/{town.writing.public_id}/edit",
            "draft": f"/desk/write/{town.writing.public_id}/",
            "draft-published": f"/desk/write/{town.published.public_id}/",
            "publication-resolve": f"/desk/write/publications/{town.unclear}/resolve",
        },
    )


def test_findings_appear_beside_the_text_while_it_is_written(chromium: Browser, address: str, town: Town) -> None:
    visitor = Visitor(chromium, address)
    visitor.sign_in(town.staff.spokesperson.email, PASSWORD)
    page = visitor.open("/desk/write/new")
    page.get_by_text("Wausau Parks (Sample square)").click()
    findings = page.locator("#findings")

    page.locator("#id_text").press_sequentially("Call 715-555-0142", delay=15)
    expect(findings.locator("mark")).to_have_text("715-555-0142")
    expect(findings).to_contain_text("17")
    expect(page.locator("#findings-said")).to_contain_text("finding")

    page.locator("#id_text").fill("The splash pad opens on Saturday.")
    page.get_by_label("Which official topic").fill("parks")
    expect(findings).to_contain_text("Nothing in the policy stands against it so far.")
    assert Draft.objects.count() == 4

    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Edit")
    assert Draft.objects.count() == 5
    visitor.assert_no_complaints()
    visitor.close()


def test_a_post_is_written_and_handed_in_without_scripts(chromium: Browser, address: str, town: Town) -> None:
    visitor = Visitor(chromium, address, width=NARROW, scripts=False)
    visitor.sign_in(town.staff.spokesperson.email, PASSWORD)
    page = visitor.open("/desk/write/new")
    page.locator("#id_text").fill("Call 715-555-0142.")
    page.get_by_role("button", name="Check without saving").click()
    expect(page.locator("#findings mark")).to_have_text("715-555-0142")

    page.locator("#id_text").fill("The pool opens on Sunday.")
    page.get_by_text("Wausau Parks (Sample square)").click()
    page.get_by_label("Which official topic").fill("pools")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="See it as it will be approved").click()
    page.get_by_role("button", name="Hand in for review").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("In review")
    draft = Draft.objects.get(submitted_at__gt=NOW.replace(year=2000), revisions__text__startswith="The pool opens")
    assert draft.state == "in_review"
    visitor.close()


def test_an_approval_is_given_by_keyboard_alone(chromium: Browser, address: str, town: Town) -> None:
    visitor = Visitor(chromium, address)
    visitor.sign_in(town.staff.head.email, PASSWORD)
    page = visitor.open(f"/desk/write/{town.in_review.public_id}/")
    reason = page.get_by_label("Why it does not stand")
    reason.focus()
    page.keyboard.type("The campaign's own tag")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("recorded with the finding")
    approve = page.get_by_role("button", name="Approve", exact=True)
    approve.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Approved")
    visitor.assert_no_complaints()
    visitor.close()
