"""The desk without a mouse: every main page walked by Tab, in the order it is read, and an act done from end to end."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from rostrum.areas.channels.models import ChannelQuestion
from rostrum.areas.channels.operations.separation import separate_person
from rostrum.areas.people.rules import Role
from tests.browser import NARROW, Visitor, browser, served
from tests.channels import a_body, a_staff, an_opened_channel
from tests.people import PASSWORD, a_person

MOST = 70
# What Tab came to: which element it is in the page's order, where it stands, and whether one can see it is there.
_HERE = """() => {
  const one = document.activeElement, before = window.cameFrom;
  if (!one || one === document.body) return null;
  window.cameFrom = one;
  const box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const row = (one.closest("li, tr, form, p, header") || one).getBoundingClientRect();
  const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return {html: one.outerHTML.slice(0, 90), main: !!one.closest("main .ros-content"),
          isAfter: !before || !!(before.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING),
          top: row.top + scrollY, left: row.left, isMoved: before !== one,
          seen: box.width > 0 && box.right > 0 && box.bottom > 0 && (drawn || style.boxShadow !== "none")};
}"""


def walked(page: Page) -> list[str]:
    """What is wrong on the way through the page by Tab: unseen, out of order, or going back up."""
    faults, before = [], None
    for _ in range(MOST):
        page.keyboard.press("Tab")
        here = page.evaluate(_HERE)
        if here is None or not here["isMoved"] or not here["isAfter"]:
            break  # at the end, and round again
        if not here["seen"]:
            page.wait_for_timeout(400)  # the way past the menu slides in
            here |= {"seen": page.evaluate("document.activeElement.getBoundingClientRect().bottom > 0")}
        if not here["seen"]:
            faults.append(f"focus is not seen: {here['html']}")
        if (
            before
            and before["main"]
            and here["main"]
            and here["top"] < before["top"] - 40
            and here["left"] <= before["left"]
        ):
            faults.append(f"goes back up to {here['html']} after {before['html']}")
        before = here
    return faults


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_every_main_page_is_walked_in_the_order_it_is_read_and_an_act_is_done_by_keyboard() -> None:
    a_body()
    staff = a_staff()
    channel = an_opened_channel(staff)
    coordinator = a_person(Role.COORDINATOR, name="Rosa", email="rosa@wausau.example", password=PASSWORD)
    leaver = a_person(name="Lou Leaver", unit=staff.unit)
    separation = separate_person(
        person=leaver, origin="http://rostrum.test", actor=a_person(Role.HR), now=timezone.now()
    )
    pages = [
        reverse("today"),
        reverse("duties"),
        reverse("channels"),
        reverse("channel", args=[channel.slug]),
        reverse("channel-deposit", args=[channel.slug]),
        reverse("channel-questions"),
        reverse("people"),
        reverse("person", args=[staff.head.public_id]),
        reverse("separation", args=[separation.public_id]),
        reverse("mine"),
        reverse("policy"),
        reverse("assurance"),
    ]
    with served() as address, browser() as chromium:
        visitor = Visitor(chromium, address)
        visitor.sign_in(coordinator.email, PASSWORD)
        page = visitor.page
        found = {}
        for path in pages:
            visitor.open(path)
            assert page.locator("[tabindex]:not([tabindex='-1']):not([tabindex='0'])").count() == 0, path
            # The first stop leads past the header and the menu, straight to what the page is about.
            page.keyboard.press("Tab")
            expect(page.locator(".usa-skipnav")).to_be_focused()
            page.keyboard.press("Enter")
            expect(page.locator("#main")).to_be_focused()
            page.keyboard.press("Tab")
            assert page.evaluate("!!document.activeElement.closest('main, footer')"), path
            visitor.open(path)
            if faults := walked(page):
                found[path] = faults
        assert found == {}

        # An act from the first key to the last: ask, and be told what came of it.
        visitor.open(reverse("channel-questions"))
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        for _ in range(6):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.tagName") == "TEXTAREA":
                break
        page.keyboard.type("May I name a page for the new pool?")
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Ask the coordinator")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".ros-messages")).to_contain_text("Asked. The answer is due")
        # The address still ends in #main, where the way past the menu led: the message is the first thing there.
        told = "document.activeElement.contains(document.querySelector('.ros-messages'))"
        assert page.evaluate(f"document.activeElement !== document.body && {told}")
        assert ChannelQuestion.objects.count() == 1

        # What is folded opens by Enter, and Tab goes on inside; so does the menu of a narrow window.
        visitor.open(reverse("policy"))
        fold = page.locator("main details").first
        fold.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(fold).to_have_attribute("open", "")
        page.set_viewport_size({"width": NARROW, "height": 900})
        visitor.open(reverse("today"))
        menu = page.locator(".ros-menu")
        menu.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(menu).to_have_attribute("open", "")
        page.keyboard.press("Tab")
        expect(menu.get_by_role("link", name=re.compile("Today"))).to_be_focused()
        visitor.shoot("menu-by-keyboard")
        visitor.assert_no_complaints()
        visitor.close()
