"""The archive's pages in a browser: at both widths, by axe, with and without scripts, and looked at."""

import io

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from rostrum.areas.archive import operations as archive
from rostrum.areas.archive.models import Item
from rostrum.areas.archive.rules import Cause
from rostrum.areas.ledger.sequencer import sequence
from rostrum.areas.people.rules import Role
from rostrum.kernel.items import Kind, MediaFile, Route
from tests.archive import NOW, PUBLISHED, make_channel, make_item, minutes
from tests.browser import NARROW, WIDE, Visitor, browser, served
from tests.people import PASSWORD, a_person
from tests.simulators.exports import PNG

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _fill() -> Item:
    channel = make_channel("city-square", name="City of Example on the square")
    picture = MediaFile("bridge.png", "image/png", "The Main Street bridge, closed", open=lambda: io.BytesIO(PNG))
    lost = MediaFile("film.mp4", "video/mp4", missing="not in the export")

    def store(*items, at):
        archive.store_batch(
            channel=channel,
            items=items,
            route=Route.API,
            actor="system",
            now=NOW + minutes(at),
            window=(PUBLISHED, NOW),
        )

    long = "Water main break near City Hall: " + "crews are on site and traffic is led around the block. " * 8
    store(
        make_item("p1", long + "#flood https://exmpl.gov/notices/2026/11/a-very-long-address-without-any-break-at-all"),
        make_item("p2", "Main Street bridge closed until Friday.", media=(picture, lost)),
        make_item("c1", "How long will the water be off?", kind=Kind.COMMENT, parent_id="p2", root_id="p2",
                  author_name="Ray Resident", author_handle="ray", published_at=PUBLISHED + minutes(4)),
        make_item("", "without an id"),
        at=0,
    )  # fmt: skip
    store(make_item("p2", "Main Street bridge open again since Thursday noon.", media=(picture, lost)), at=30)
    comment = Item.objects.get(native_id="c1")
    archive.mark_hidden(item=comment, actor="system", now=NOW + minutes(40), note="Assessed")
    archive.open_gap(
        channel=channel, cause=Cause.RATE_LIMITED, from_at=NOW + minutes(50), note="Asked to wait.", actor="system",
        now=NOW + minutes(60),
    )  # fmt: skip
    sequence(NOW + minutes(61))
    return Item.objects.get(native_id="p2")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_archive_is_accessible_and_fits(width: int) -> None:
    item = _fill()
    person = a_person(Role.RECORDS_CUSTODIAN, password=PASSWORD)
    pages = {
        "archive-search": f"{reverse('archive')}?q=water",
        "archive-filters": f"{reverse('archive')}?q=water&kind=comment&state=hidden",
        "archive-nothing": f"{reverse('archive')}?q=absent",
        "archive-wrong": f"{reverse('archive')}?q=%22water",
        "archive-item": reverse("archive-item", args=[item.public_id]),
        "archive-captures": reverse("archive-captures"),
    }
    with served() as address, browser() as chromium:
        visitor = Visitor(chromium, address, width=width)
        visitor.sign_in(person.email, PASSWORD)
        for name, path in pages.items():
            visitor.open(path)
            visitor.assert_fits()
            visitor.assert_accessible()
            visitor.shoot(name)
        visitor.assert_no_complaints()
        visitor.close()


def test_searching_and_closing_a_gap_needs_no_scripts() -> None:
    _fill()
    person = a_person(Role.RECORDS_CUSTODIAN, password=PASSWORD)
    with served() as address, browser() as chromium:
        visitor = Visitor(chromium, address, scripts=False)
        page = visitor.sign_in(person.email, PASSWORD)
        visitor.open(reverse("archive"))
        page.get_by_label("Words").fill('"closed until"')
        page.get_by_role("button", name="Search").click()
        expect(page.get_by_text("1 found, oldest first")).to_be_visible()
        expect(page.get_by_text("An earlier version")).to_be_visible()
        page.get_by_role("link", name="Post by City of Example").click()
        expect(page.locator("ins", has_text="since Thursday noon.")).to_be_visible()
        visitor.open(reverse("archive-captures"))
        page.get_by_label("What filled or explains it").fill("Read again after the wait")
        page.get_by_role("button", name="Close the gap").click()
        expect(page.get_by_text("The gap is closed.")).to_be_visible()
        expect(page.get_by_text("No open gap")).to_be_visible()
        visitor.close()
