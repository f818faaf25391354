"""The registry's desk pages in a browser: accessible, at 320 px, without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from rostrum.areas.channels import operations as channels
from rostrum.areas.channels.models import Channel, ListFind
from rostrum.areas.channels.operations import lists
from rostrum.areas.people.rules import Role
from tests.browser import NARROW, WIDE, Visitor, browser, served
from tests.channels import NOW, Staff, a_body, a_staff
from tests.people import PASSWORD, a_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOGIN = "coordinator@example.gov"
LIST = """Social media of the city (3/2019),,,
Department,Site,Link,Notes
Parks and Recreation,Face Book,https://www.facebook.com/WausauParks,"see
Maria"
Mysteries,Twitter,https://www.facebook.com/WausauPoliceDepartmentWithAVeryLongNameThatGoesOn,
Parks,IG,https://bit.ly/3x,
Parks,IG,call us,
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def address(transactional_db: None) -> Iterator[str]:
    with served() as found:
        yield found


@pytest.fixture
def staff(transactional_db: None) -> Staff:
    a_body()
    a_person(Role.COORDINATOR, email=LOGIN, password=PASSWORD, name="Casey Coordinator")
    return a_staff()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_registrys_pages_are_accessible_and_fit(chromium: Browser, address: str, staff: Staff, width: int) -> None:
    one = lists.receive_list(name="accounts of 2019.csv", content=LIST.encode(), actor=staff.coordinator, now=NOW)
    channels.register_found(
        platform="x",
        handle="wausaufire",
        name="Wausau Fire",
        unit=staff.unit,
        found_in="A resident asked",
        actor=staff.coordinator,
        now=NOW,
    )
    held = lists.receive_list(name="short.csv", content=LIST.encode(), actor=staff.coordinator, now=NOW)
    find = ListFind.objects.filter(source=one, outcome="decide").first()
    assert find is not None
    visitor = Visitor(chromium, address, width=width)
    visitor.sign_in(LOGIN, PASSWORD)
    for name, path in [
        ("channels", "/desk/channels/"),
        ("found", "/desk/channels/found"),
        ("found-channel", f"/desk/channels/{Channel.objects.get().slug}/"),
        ("lists", "/desk/channels/lists/"),
        ("list", f"/desk/channels/lists/{one.public_id}/?show=all"),
        ("list-held", f"/desk/channels/lists/{held.public_id}/?show=missing"),
        ("list-find", f"/desk/channels/lists/{one.public_id}/addresses/{find.pk}"),
        ("list-row", f"/desk/channels/lists/{one.public_id}/rows/7"),
    ]:
        visitor.open(path)
        visitor.shoot(f"registry-{name}")
        visitor.assert_fits()
        visitor.assert_accessible()
    visitor.assert_no_complaints()
    visitor.close()


def test_a_list_is_taken_in_without_scripts(chromium: Browser, address: str, staff: Staff, tmp_path: object) -> None:
    visitor = Visitor(chromium, address, scripts=False)
    visitor.sign_in(LOGIN, PASSWORD)
    page = visitor.open("/desk/channels/")
    page.get_by_role("link", name="Lists taken in").click()
    page.get_by_label("The list").set_input_files(
        {"name": "accounts.csv", "mimeType": "text/csv", "buffer": LIST.encode("cp1252")}
    )
    page.get_by_role("button", name="Show what would become of it").click()
    expect(page.get_by_text("1 channel can be taken in now")).to_be_visible()
    page.get_by_role("button", name="Take them in").click()
    expect(page.get_by_text("registered as found")).to_be_visible()
    assert Channel.objects.get().found_in == "list accounts.csv, row 3"
    visitor.close()
