"""The registry: a dirty list is taken in, one that misses many is held, a resident asks whether a page is official.

The coordinator's list has no headings, many spellings, a URL under the wrong platform, ragged rows and accents. The
resident asks without scripts in a window of 320 pixels; a program gets the same answers; whoever trusts nobody checks
the signed copy. Time is passed in; the steps build on one another.
"""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Locator, Page, expect

from rostrum.areas.channels import operations as channels
from rostrum.areas.channels.models import Channel, ChannelList
from rostrum.areas.duties.models import Duty
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.cli import sample_city
from tests.browser import NARROW
from tests.channels import NOW, Staff, a_body, an_opened_channel, let_it_speak
from tests.journeys.town import Clock, Town, town_of
from tests.people import a_person, a_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# As the clerk's spreadsheet had it: Windows letters, no headings, as many cells as somebody felt like.
LIST = """Réseaux sociaux / social media of the city, kept by Café Müller 3/2019,,,
Police Department,Facebook page,https://www.facebook.com/WausauPolice,ok,
Police,Face Book,http://m.facebook.com/wausaupolice?ref=ts
Public Library,Twitter,https://www.facebook.com/WausauLibrary,,
THE Public Library,Insta,instagram.com/wausaulibrary,réseau d’été,,extra,cells
Parks and Recreation,FB,https://facebook.com/WausauParks/?fref=nf,,
Parks & Recreation,You Tube,youtube.com/@WausauParks/videos,see Maria,
Parks and Recreation,X (formerly Twitter),,@wausauparks,
Mysteries,Twiter,https://twitter.com/wausaumystery?lang=en,,
Parks and Recreation,IG,https://bit.ly/3x,,
Parks and Recreation,IG,call 715-555-0100,,
,,,,
"""
NEWER = """Department,Platform,Address
Police Department,Facebook,https://www.facebook.com/WausauPolice
Public Library,Facebook,https://www.facebook.com/WausauLibrary
"""
# What a resident writes, what the page answers, what a program is told.
ASKED = (
    ("https://www.facebook.com/WausauParks", "Yes.", "official"),
    ("http://M.FACEBOOK.com/wausauparks/?ref=page_internal", "Yes.", "official"),
    ("facebook: @WausauParks", "Yes.", "official"),
    ("fb.com/wausauparks, is that you?", "Yes.", "official"),
    ("https://facebook.com/WausauP\u0430rks", "though it looks like one of ours", "looks_like"),
    ("https://www.facebook.com/wausaupolice/", "Not yet.", "under_review"),
    ("https://www.facebook.com/madisonparks", "is not one of our channels", "not_ours"),
    ("https://bit.ly/3x", "We cannot tell.", "cannot_tell"),
)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(NOW, monkeypatch)


@pytest.fixture
def town(transactional_db: None, tmp_path: Path, clock: Clock) -> Iterator[Town]:
    with town_of(tmp_path / "town", lambda _: a_city_with_one_channel()) as made:
        clock.set(NOW + timedelta(hours=1))
        yield made


def a_city_with_one_channel() -> None:
    """The Parks' page on Facebook went through every step; of the others nobody knows yet."""
    a_body()
    parks = a_unit(name="Parks and Recreation")
    a_unit("police", "Police Department")
    a_unit("library", "Public Library")
    a_unit("clerk", "City Clerk's Office")
    for login, name, role, unit in (
        ("casey", "Casey Coordinator", Role.COORDINATOR, None),
        ("dana", "Dana Head", Role.DEPARTMENT_HEAD, parks),
        ("sam", "Sam Spokesperson", Role.POSTER, parks),
        ("pat", "Pat Affairs", Role.PUBLIC_AFFAIRS, None),
    ):
        a_person(role, name=name, email=f"{login}@wausau.example", unit=unit, over=unit, password=sample_city.PASSWORD)
    staff = Staff(parks, person("sam"), person("casey"), person("dana"), person("pat"))
    channel = an_opened_channel(
        staff,
        platform="facebook",
        handle="WausauParks",
        url="https://www.facebook.com/WausauParks",
        name="Wausau Parks",
        slug="parks",
    )
    channels.deposit_credential(
        channel_id=channel.public_id,
        secret={"login": "parks@wausau.example", "password": "lantern-otter-quarry-mosaic"},
        actor=staff.coordinator,
        now=NOW,
    )
    let_it_speak(channel, staff)


def person(login: str) -> User:
    return User.objects.get(email=f"{login}@wausau.example")


def test_from_a_dirty_list_to_a_registry_that_anybody_checks(town: Town, tmp_path: Path) -> None:
    casey_sees_what_would_become_of_the_list(town)
    she_names_a_department_and_takes_it_in(town)
    she_decides_what_waits(town)
    a_newer_list_that_misses_many_is_held_and_closes_nothing(town)
    a_resident_asks(town)
    a_program_is_told_the_same(town)
    the_channels_page_and_its_badge(town)
    a_stranger_checks_the_signed_copy(town, tmp_path)

    town.inspect_the_rest()
    assert not (town.findings + town.complaints()), "\n".join(town.findings + town.complaints())


def main(page: Page) -> Locator:
    return page.locator("main")


def states() -> Counter[str]:
    return Counter(Channel.objects.values_list("state", flat=True))


# The coordinator


def give_in(town: Town, name: str, content: bytes) -> Page:
    casey = town.person("casey")
    casey.go("/desk/channels/")
    page = casey.follow("Lists taken in")
    page.get_by_label("The list").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    return casey.press("Show what would become of it")


def casey_sees_what_would_become_of_the_list(town: Town) -> None:
    """Row by row, before anything is taken: what is added, what is here, what needs her; each row as it was written."""
    page = give_in(town, "pages de la ville.csv", LIST.encode("cp1252"))
    expect(main(page)).to_contain_text("5 channels can be taken in now")
    assert states() == {"live": 1}
    town.person("casey").look("list-preview")
    casey = town.person("casey")
    casey.follow("All rows (12)")
    casey.look("list-all-rows")
    for row, says in (
        ("Réseaux sociaux / social media of the city, kept by Café Müller 3/2019", "No address and no handle"),
        ("Public Library,Twitter,https://www.facebook.com/WausauLibrary", "on Facebook, Public Library"),
        (
            "THE Public Library,Insta,instagram.com/wausaulibrary,réseau d’été,,extra,cells",
            "@wausaulibrary on Instagram",
        ),
        ("http://m.facebook.com/wausaupolice?ref=ts", "row 2"),
        ("https://facebook.com/WausauParks/?fref=nf", "Wausau Parks"),
        ("youtube.com/@WausauParks/videos", "on YouTube, Parks and Recreation"),
    ):
        expect(page.locator("#rows ~ ul > li", has_text=row)).to_contain_text(says)


def she_names_a_department_and_takes_it_in(town: Town) -> None:
    """“Mysteries” is the clerk's, for all rows that say so; what needs no person is registered as found."""
    casey = town.person("casey")
    page = casey.page
    expect(main(page)).to_contain_text("“Mysteries”: 1 address")
    page.get_by_label("It is").first.select_option(label="City Clerk's Office")
    casey.press("Say so for all of them")
    expect(main(page)).to_contain_text("6 channels can be taken in now")
    casey.press("Take them in")
    expect(page.get_by_text("6 channels are registered as found. None is official yet.")).to_be_visible()
    casey.look("list-taken-in")
    assert states() == {"live": 1, "found": 6}
    assert Duty.objects.filter(kind="channels.regularise", closed_at=None).count() == 6


def she_decides_what_waits(town: Town) -> None:
    """Where the short link leads she looked up; the telephone number and the title are no channels, and she says so."""
    casey = town.person("casey")
    page = casey.page
    casey.follow("Needs a decision (3)")
    casey.follow("Decide")
    casey.look("list-address-to-decide")
    page.get_by_label("Platform", exact=True).select_option(label="Instagram")
    page.get_by_label("Handle", exact=False).fill("@wausauparks")
    page.get_by_label("Address of the page").fill("")
    page.get_by_label("Name").fill("Wausau Parks on Instagram")
    page.get_by_label("How you know").fill("I opened the link: it leads there.")
    casey.press("Register it as found")
    for reason in ("The title of the list.", "A telephone number, no page."):
        casey.go(f"/desk/channels/lists/{ChannelList.objects.get().public_id}/?show=decide")
        casey.follow("Say what it means")
        casey.look("list-row-to-settle")
        page.get_by_label("Reason").fill(reason)
        casey.press("Record it")
    casey.go(f"/desk/channels/lists/{ChannelList.objects.get().public_id}/?show=decide")
    expect(main(page)).to_contain_text("Needs a decision (0)")
    assert states() == {"live": 1, "found": 7}
    casey.go("/desk/channels/found")
    expect(main(page)).to_contain_text("Wausau Parks on Instagram")
    casey.look("found-channels")


def a_newer_list_that_misses_many_is_held_and_closes_nothing(town: Town) -> None:
    """It names two of eight: nothing is taken from it before a person decides; set aside, it changes nothing."""
    page = give_in(town, "new list.csv", NEWER.encode())
    casey = town.person("casey")
    expect(main(page)).to_contain_text("It misses 6 of 8 known channels")
    expect(page.get_by_role("button", name="Take them in")).to_have_count(0)
    casey.look("list-held")
    assert Duty.objects.filter(kind="channels.decide-list", closed_at=None).exists()
    casey.follow("The channels it does not name")
    expect(main(page)).to_contain_text("They stay as they are.")
    expect(main(page)).to_contain_text("Wausau Parks")
    page.get_by_label("Reason").first.fill("Only what the new webmaster knew of.")
    casey.press("Set the list aside")
    expect(page.get_by_text("Your decision is recorded. No channel was closed.")).to_be_visible()
    assert states() == {"live": 1, "found": 7}
    assert not Duty.objects.filter(kind="channels.decide-list", closed_at=None).exists()


# The public


def a_resident_asks(town: Town) -> None:
    """The directory names what speaks for the city and nothing else; an address is known however it is written."""
    resident = town.without_scripts()
    page = resident.go("/channels/")
    page.set_viewport_size({"width": NARROW, "height": 900})
    expect(main(page)).to_contain_text("Wausau Parks")
    expect(main(page)).not_to_contain_text("Police")
    resident.look("directory")
    for asked, answer, verdict in ASKED:
        page = resident.go("/channels/")
        page.set_viewport_size({"width": NARROW, "height": 900})
        page.locator("input[name=address]").fill(asked)
        resident.press("Is it official?")
        expect(page.get_by_role("status").first).to_contain_text(answer)
        resident.assert_fits()
        town.stranger().go(page.url.removeprefix(town.address))
        town.stranger().look(f"check-{verdict}")


def a_program_is_told_the_same(town: Town) -> None:
    program = town.stranger().page.request
    for asked, _, verdict in ASKED:
        told = program.get(f"{town.address}/api/v1/channels/verify?q={quote_plus(asked)}").json()
        assert [one["verdict"] for one in told["answers"]][:1] == [verdict], (asked, told)
    listed = program.get(f"{town.address}/api/v1/channels").json()
    assert [one["name"] for one in listed["channels"]] == ["Wausau Parks"]


def the_channels_page_and_its_badge(town: Town) -> None:
    """The page says how to verify the channel; the badge that others may show leads to it, and says how it stands."""
    stranger = town.stranger()
    stranger.go("/channels/")
    page = stranger.follow("Wausau Parks")
    expect(main(page)).to_contain_text("exactly https://www.facebook.com/WausauParks")
    stranger.look("channel-in-the-portal")
    badge = page.get_by_role("img", name="Wausau Parks: Official. Verify it in the registry.").or_(
        page.locator("img[src*='badge.svg']")
    )
    expect(badge.first).to_be_visible()
    assert badge.first.evaluate("one => one.complete && one.naturalWidth > 0")
    shown = page.request.get(badge.first.get_attribute("src") or "")
    assert shown.headers["content-type"].startswith("image/svg+xml")
    assert "Official: verify at" in shown.text()


# Whoever trusts nobody


def a_stranger_checks_the_signed_copy(town: Town, folder: Path) -> None:
    """The copy and the key from the portal, the check on another machine; one byte changed, and it says where."""
    program = town.stranger().page.request
    copy, keys = folder / "registry.json", folder / "keys.txt"
    # The copy is there once the ledger has its place for it, which is within a second or two.
    until = time.monotonic() + 30
    while not (found := program.get(f"{town.address}/channels/registry.json")).ok and time.monotonic() < until:
        town.work()
        time.sleep(0.5)
    copy.write_bytes(found.body())
    keys.write_bytes(program.get(f"{town.address}/verify/key").body())

    code, said = verified(copy, keys)
    assert code == 0, said
    assert "Intact: the registry of City of Wausau" in said
    assert "1 channel." in said

    whole = copy.read_bytes()
    at = whole.index(b"WausauParks")
    copy.write_bytes(whole[:at] + b"M" + whole[at + 1 :])
    code, said = verified(copy, keys)
    assert code == 1, said
    assert "altered: the registry is not the one whose digest was recorded" in said
    copy.write_bytes(whole)
    assert verified(copy)[0] == 3


def verified(copy: Path, *keys: Path) -> tuple[int, str]:
    """Run the command as a stranger would, who has no data folder."""
    words: list[Any] = [sys.executable, "-m", "rostrum.cli.main", "registry", "verify", copy]
    for key in keys:
        words += ["--key", key]
    ran = subprocess.run(words, capture_output=True, text=True, cwd=copy.parent, check=False)
    return ran.returncode, ran.stdout + ran.stderr
