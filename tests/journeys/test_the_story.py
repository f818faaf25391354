"""The whole story in a browser: a channel, a post, a comment, a records request, a stranger who verifies, assurance.

Each step is what its person does at their own window; what other rooms do meanwhile is the worker's. The steps build on
one another, so this is one test.
"""

import json
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from rostrum.cli import sample_city
from rostrum.evidence.standalone import packed
from tests.journeys.town import Town, as_typed, sample_town
from tests.publishing import PNG

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CHANNEL = "Wausau Trails"
FAULTY = (
    "Lost your season pass? Call Mrs. Hansen at 715-555-0134. The Public Works Department will resurface the "
    "Oak Island trail from May on. #trailday " + "Bring good shoes and a bottle of water with you. " * 10
)
TEXT = (
    "The Public Works Department will resurface the Oak Island trail from May on. Until then it stays open every day. "
    "#TrailDay"
)
FIRST, EDITED = "Will it be open for bycicles to?", "Will it be open for bicycles, too?"
REGRETTED = "Worst trail in the county, and the director knows it."
THREAT = "I know where the trail foreman parks and I will hurt him if he closes it."
PHONE = "(715) 555-0162"
# What every page of the body shows in the same words.
NO_NOTICE = "Nothing sent to or from here is legal notice."
# What the page of the channel must show, as the description settles it and the page has it.
SHOWN = {
    "Statement that the body": "Maintained by the City of Wausau (sample) under its Social Media Policy.",
    "Link to the policy": "https://www.wausau.example/social-media-policy",
    "Comment policy": "Comments are removed only for the grounds that the policy lists.",
    "Notice that breaking": "Repeated violations of the comment policy lead to blocking.",
    "Purpose as the page states it": "News from the Parks Department: which trails are open, and your answers.",
    "Official contact": "trails@wausau.example",
    "Link back": "https://www.wausau.example/",
}
VOLUNTEER = f"If you need another volunteer, reach me at {PHONE} in the evening."


@pytest.fixture
def town(transactional_db: None, tmp_path: Path) -> Iterator[Town]:
    with sample_town(tmp_path / "city") as made:
        yield made


def test_the_story_from_a_channel_to_a_stranger_who_verifies(town: Town, tmp_path: Path) -> None:
    a_channel_is_asked_for_approved_and_opened(town)
    a_post_is_checked_corrected_approved_and_published(town, tmp_path)
    square_page = residents_answer_edit_and_delete(town)
    the_archive_shows_versions_and_the_tombstone(town)
    the_threat_is_assessed_and_hidden(town, square_page)
    code = somebody_asks_for_records(town)
    the_custodian_answers(town)
    production = the_requester_downloads(town, code, tmp_path)
    a_stranger_verifies(town, production, tmp_path)
    every_clause_is_listed(town)

    town.inspect_the_rest()
    assert not (town.findings + town.complaints()), "\n".join(town.findings + town.complaints())


def fill(page: Page, values: dict[str, str]) -> None:
    """Fill fields by the beginning of their label."""
    for label, value in values.items():
        field(page, label).fill(value)


def field(page: Page, label: str) -> Locator:
    """The first field whose label begins so."""
    return page.get_by_label(re.compile(f"^{re.escape(label)}")).and_(page.locator("input, textarea, select")).first


def tick(box: Locator) -> None:
    """Tick a box by its words: the design system draws the box itself beside them."""
    box.page.locator(f"label[for='{box.get_attribute('id')}']").click()


def tab_to(wanted: Locator) -> None:
    """Press the tabulator until what is wanted has the focus."""
    for _ in range(120):
        wanted.page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"The keyboard does not reach {wanted} on {wanted.page.url}")


# The channel


def a_channel_is_asked_for_approved_and_opened(town: Town) -> None:
    """Pia asks and takes the reading of the terms over, Maya weighs the risk, Rosa does the rest and lets it speak."""
    pia, maya, rosa = town.person("pia"), town.person("maya"), town.person("rosa")
    page = pia.go("/desk/channels/new")
    pia.look("channel-request")
    page.get_by_label("Platform", exact=True).select_option(label="Sample square")
    page.get_by_label("Department that maintains it").select_option(label="Parks Department")
    fill(
        page,
        {
            "Name": CHANNEL,
            "Address of the page": f"{town.square.url}/c/trails",
            "Purpose": "Tell residents which trails are open.",
            "Goal of the mission": "Keep residents informed about city services.",
            "How it will be captured": "By the square's event feed, every minute.",
        },
    )
    tick(page.get_by_label("Activities"))
    pia.press("Ask for it")
    expect(page.get_by_text(f"{CHANNEL} is asked for.")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_be_disabled()
    pia.look("channel-asked-for")
    the_terms_are_reviewed(town)

    page = maya.go("/desk/channels/")
    maya.follow(CHANNEL, exact=True)
    maya.look("channel-to-acknowledge")
    tick(page.get_by_label("I have weighed the added risk"))
    maya.press("Approve")
    expect(page.get_by_text("Your step is recorded.")).to_be_visible()

    page = rosa.go("/desk/channels/")
    rosa.look("channels")
    rosa.follow(CHANNEL, exact=True)
    rosa.look("channel-to-approve")
    rosa.press("Approve")
    rosa.follow("Record the opening")
    rosa.look("channel-open")
    fill(
        page,
        {
            "E-mail address": "trails@wausau.example",
            "Its id on the platform": "trails",
            "Name it is registered with": sample_city.CITY,
            "Contact it is registered with": "trails@wausau.example",
            "Service address": town.square.url,
        },
    )
    rosa.press("Record the opening")
    rosa.follow("Deposit the log-in")
    rosa.look("channel-deposit")
    page.get_by_label("Channel token").fill(
        town.new_channel_token("trails", CHANNEL, "\n".join((*SHOWN.values(), NO_NOTICE)))
    )
    rosa.press("Deposit")
    rosa.follow("Change the description")
    rosa.look("channel-describe")
    fill(page, {"Minutes between captures": "1"} | SHOWN)
    rosa.press("Save")
    expect(page.get_by_role("button", name="Go live")).to_have_count(0)
    rosa.follow("Check the page")
    rosa.look("channel-page")
    rosa.press("Read the profile now")
    expect(page.get_by_text("elements of the policy stand in it.")).to_be_visible()
    rosa.look("channel-page-read")
    rosa.go("/desk/channels/wausau-trails/")
    expect(page.locator("main")).to_contain_text("All in place")
    rosa.press("Go live")
    expect(page.locator("h1").locator("xpath=..")).to_contain_text("Live")
    rosa.look("channel-live")
    dev_gets_the_right_to_speak(town)
    rosa.go("/desk/channels/wausau-trails/")
    expect(page.locator("main")).to_contain_text("Dev Patel: speak for the channel")


def the_terms_are_reviewed(town: Town) -> None:
    """Pia puts her name under why the review of the same texts suits this channel too; Rosa signs and agrees."""
    pia, rosa = town.person("pia"), town.person("rosa")
    page = pia.page
    page.get_by_label("Why the terms suit this channel too").first.fill("It serves the same residents in the same way.")
    pia.press("Take it over")
    pia.look("terms-review")
    expect(page.get_by_role("button", name="Sign it")).to_be_disabled()
    page = rosa.go("/desk/channels/wausau-trails/")
    rosa.follow("The review")
    rosa.press("Sign it")
    rosa.look("terms-review-signed")
    rosa.press("Agree for the body")
    expect(page.get_by_text("The terms are accepted for the body.")).to_be_visible()


def dev_gets_the_right_to_speak(town: Town) -> None:
    """Maya asks for it and designates him, Dev accepts the rules, Rosa issues it."""
    maya, dev, rosa = town.person("maya"), town.person("dev"), town.person("rosa")
    page = maya.go("/desk/rights/ask")
    maya.look("right-ask")
    fill(page, {"Who": "Dev Patel", "Why it is needed": "Trails change daily.", "Which duty": "Reports on trails."})
    field(page, "On").select_option(label=f"{CHANNEL} (Sample square)")
    field(page, "May").select_option("speak")
    maya.press("Ask for it")
    maya.press("Designate")
    page = dev.go("/desk/rights/mine")
    dev.look("my-rights")
    dev.follow("Dev Patel")
    dev.look("right-accept")
    for box in page.get_by_role("checkbox").all():
        tick(box)
    field(page, "Your name").fill("Dev Patel")
    dev.press("Accept the rules")
    page = rosa.go("/desk/rights/")
    rosa.look("rights")
    rosa.follow("Dev Patel")
    rosa.look("right-issue")
    rosa.press("Issue the right")
    expect(page.get_by_text("Issued: Dev Patel")).to_be_visible()


# The post


def a_post_is_checked_corrected_approved_and_published(town: Town, folder: Path) -> None:
    """Dev writes for two channels, heeds what appears beside the text; Maya approves; it is published and compared."""
    dev, maya = town.person("dev"), town.person("maya")
    picture = folder / "trail.png"
    picture.write_bytes(PNG)
    page = dev.go("/desk/write/new")
    tick(page.get_by_label(f"{CHANNEL} (Sample square)"))
    tick(page.get_by_label("Wausau Parks (Sample square)"))
    page.get_by_label("Image or film").first.set_input_files(picture)
    field(page, "Text").fill(FAULTY)
    findings = page.locator("#findings")
    for said, clause in (
        ("telephone number", "Official and Acceptable Use, para 5"),
        ("#trailday", "Hashtags"),
        ("Public Works Department", "Official and Acceptable Use, para 3"),
        ("more than Sample square takes", "Sample square"),
    ):
        message = page.locator(".ros-finding__message", has_text=said)
        found = findings.locator(".ros-finding").filter(has=message).first
        expect(found).to_be_visible()
        expect(found.locator(".ros-finding__clause")).to_contain_text(clause)
    expect(
        findings.locator(".ros-finding").filter(has_text=re.compile("alternative text|in words", re.I)).first
    ).to_be_visible()
    dev.look("write-with-findings")

    at = _next_minute(timezone.now() + timedelta(seconds=20))
    field(page, "Text").fill(TEXT)
    page.get_by_label("What it shows, in words").first.fill("A trail sign in front of birches")
    page.get_by_label("Which official topic").fill("Trails")
    page.get_by_label("Other departments or parties").fill("Public Works Department")
    page.get_by_label("Publish at").fill(as_typed(at))
    dev.press("Save")
    dev.look("draft-saved")
    dev.follow("hand it in")
    draft = page.url
    expect(page.locator("main")).to_contain_text("consent")
    fill(page, {"Who gave the consent": "Wade Stone, Public Works Director", "On": "2026-11-20", "How": "E-mail, kept"})
    dev.press("Record the consent")
    dev.look("draft")
    dev.press("Hand in for review")
    expect(page.get_by_role("button", name="Approve", exact=True)).to_be_disabled()
    expect(page.locator("#approve").locator("xpath=..")).to_contain_text("own")
    dev.look("draft-handed-in")

    page = maya.go("/desk/")
    maya.look("today-approver")
    page = maya.go("/desk/write/")
    maya.look("write-approver")
    maya.follow(TEXT[:40])
    assert page.url == draft
    maya.look("draft-to-approve")
    for box in page.locator("input[name^=answer_]").all():
        tick(box)
    maya.press("Approve")
    expect(page.locator("aside")).to_contain_text("Maya Thao")

    page = dev.go(draft)
    dev.press("Schedule it")
    town.work()
    dev.go(draft)
    expect(page.locator("main").get_by_text("due", exact=False).first).to_be_visible()
    dev.look("draft-scheduled")
    a_post_is_handed_in_by_keyboard_without_scripts(town)
    _wait_until(at)
    town.work()
    town.look_at_channel("wausau-trails")
    town.look_at_channel("parks")
    page = dev.go(draft)
    for channel in (CHANNEL, "Wausau Parks"):
        row = page.locator("section", has=page.locator("#publications")).locator("li", has_text=channel)
        expect(row).to_contain_text("Published")
        expect(row).to_contain_text("same")
    dev.look("draft-published")


def _next_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _wait_until(at: datetime) -> None:
    time.sleep(max(0.0, (at - timezone.now()).total_seconds() + 0.5))


def a_post_is_handed_in_by_keyboard_without_scripts(town: Town) -> None:
    """Lee signs in, writes, has the text checked, corrects it and hands it in with the keyboard alone, scripts off."""
    lee = town.without_scripts()
    page = lee.go("/desk/write/new")
    expect(page.get_by_label("E-mail address")).to_be_focused()
    page.keyboard.type("lee@wausau.example")
    page.keyboard.press("Tab")
    page.keyboard.type(sample_city.PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(field(page, "Text"))
    page.keyboard.type("The trail map is new. Questions? 715-555-0134 #trailmap")
    tab_to(page.get_by_label("Wausau Parks (Sample square)"))
    page.keyboard.press("Space")
    tab_to(page.get_by_label("Which official topic"))
    page.keyboard.type("Trails")
    tab_to(page.get_by_role("button", name="Check without saving"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for said in ("telephone number", "#trailmap"):
        expect(page.locator("#findings .ros-finding__message", has_text=said)).to_be_visible()
    lee.look("write-without-scripts")
    tab_to(field(page, "Text"))
    page.keyboard.press("Control+A")
    page.keyboard.type("The trail map is new. #TrailMap")
    for button in ("Save", "Hand in for review"):
        if button == "Hand in for review":
            tab_to(page.get_by_role("link", name="hand it in"))
            with page.expect_navigation():
                page.keyboard.press("Enter")
        tab_to(page.get_by_role("button", name=button, exact=True))
        with page.expect_navigation():
            page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("In review")


# The comments


def residents_answer_edit_and_delete(town: Town) -> str:
    """Four residents answer on the square; after a capture one edits and one deletes; returns the post's page there."""
    alma, kim, vic, raj = (town.resident(name) for name in ("Alma Reyes", "K. Dahl", "V. Roe", "Raj Mehta"))
    page = alma.go("/c/trails")
    alma.follow("Read and answer")
    post = page.url
    for who, words in ((alma, FIRST), (kim, REGRETTED), (vic, THREAT), (raj, VOLUNTEER)):
        who.go(post).locator("form[action$='/reply'] textarea").last.fill(words)
        who.press("Answer")
    town.look_at_channel("wausau-trails")

    alma.look("square-thread")
    alma.follow("Edit")
    page.get_by_label("Your comment").fill(EDITED)
    alma.press("Save")
    kim.press("Delete your comment")
    town.look_at_channel("wausau-trails")
    return post


def the_archive_shows_versions_and_the_tombstone(town: Town) -> None:
    """Ida finds the edited comment with both texts side by side, and the deleted one with its tombstone."""
    ida = town.person("ida")
    page = ida.go("/desk/archive/")
    page.get_by_role("searchbox").or_(page.get_by_label("Words")).first.fill("bicycles")
    ida.press("Search")
    ida.look("archive-found")
    ida.follow("Alma Reyes")
    expect(page.locator("main")).to_contain_text("bycicles")
    expect(page.locator("main")).to_contain_text("bicycles")
    expect(page.get_by_role("heading", name="Version 2", exact=False)).to_be_visible()
    ida.look("item-with-versions")

    page = ida.go("/desk/archive/?q=%22worst+trail%22")
    ida.follow("K. Dahl")
    expect(page.locator("main")).to_contain_text(REGRETTED)
    expect(page.locator("h1").locator("xpath=..")).to_contain_text(re.compile("deleted", re.IGNORECASE))
    expect(page.get_by_role("heading", name="How it was seen to change")).to_be_visible()
    ida.look("item-tombstone")


def the_threat_is_assessed_and_hidden(town: Town, square_page: str) -> None:
    """Owen opens an assessment (evidence first), finds one ground met in every element, and hides the comment."""
    owen = town.person("owen")
    page = owen.go("/desk/conversation/")
    owen.look("conversation")
    owen.follow(THREAT[:30])
    expect(page.get_by_role("article", name="Our post")).to_contain_text("Official")
    owen.look("conversation-thread")
    page.get_by_role("button", name="Assess this comment by V. Roe").click()
    page.wait_for_url("**/assessments/**")
    expect(page.locator("main, aside").filter(has_text="Reads back whole").first).to_be_visible()
    expect(page.get_by_role("button", name="Hide it on the platform")).to_have_count(0)
    ground = page.locator("details", has=page.locator("summary", has_text="Threatens a person or organization"))
    ground.locator("summary").click()
    owen.look("assessment")
    for box in ground.get_by_role("checkbox").all():
        tick(box)
    for answer in ground.locator("input[type=text]").all():
        answer.fill("I will hurt him")
    tick(page.get_by_label("Hide it on the platform"))
    field(page, "Reason").fill("It threatens the trail foreman with injury.")
    owen.press("Record the assessment")
    owen.look("assessment-recorded")
    owen.press("Hide it on the platform")
    town.work()
    owen.go(page.url)
    removal = page.locator("section", has=page.locator("#removal"))
    for said in ("V. Roe", "Owen Brandt", "It threatens the trail foreman with injury.", "Posted", "Decided"):
        expect(removal).to_contain_text(said)
    owen.look("removal-record")

    shown = town.resident("Dorothy Weber").go(square_page)
    expect(shown.get_by_text("A comment was hidden by the channel.")).to_be_visible()
    expect(shown.get_by_text("hurt him")).to_have_count(0)
    town.look_at_channel("wausau-trails")
    page = town.person("ida").go("/desk/archive/?q=%22hurt+him%22&channel=wausau-trails")
    town.person("ida").follow("V. Roe")
    expect(page.locator("main")).to_contain_text(THREAT)
    expect(page.locator("h1").locator("xpath=..")).to_contain_text(re.compile("hidden", re.IGNORECASE))
    town.person("ida").look("item-hidden")


# The request


def somebody_asks_for_records(town: Town) -> str:
    """A reporter files a request in the portal and gets its code."""
    carla = town.stranger()
    for path in ("/", "/channels/", "/rules/", "/verify/"):
        carla.go(path)
    page = carla.go("/request/")
    fill(page, {"Which records": "Everything about the Oak Island trail: posts, comments, what was removed."})
    carla.press("Send the request")
    carla.look("request-code")
    said = re.search(r"\b(\w{4}(?:-\w{4}){3})\b", page.locator("main").inner_text())
    assert said, page.locator("main").inner_text()
    return said.group(1)


def the_custodian_answers(town: Town) -> None:
    """Ida acknowledges, searches, reviews; Sam seconds the redaction; Ida determines and has the production made."""
    ida, sam = town.person("ida"), town.person("sam")
    page = ida.go("/desk/requests/")
    ida.look("requests")
    with page.expect_navigation():
        page.locator("tr", has_text="Oak Island").get_by_role("link", name="Request").click()
    ida.press("Acknowledge the request")
    request = page.url
    ida.look("request-acknowledged")
    field(page, "Channel").select_option(label=CHANNEL)
    ida.press("Search and hold")
    ida.look("request-searched")
    ida.press("Begin the review")
    ida.look("review-desk")

    ida.follow("If you need another volunteer")
    assert page.locator(".ros-word input:checked").count() > 0
    ida.look("record-to-redact")
    page.locator("select[name=exemption]").select_option(index=1)
    page.locator("input[name=reason]").fill("A resident's own telephone number, of no public interest.")
    ida.press("Propose the redaction")
    ida.look("record-proposed")
    record = page.url
    sam.go(record)
    sam.press("I agree as the second person")
    sam.look("record-seconded")

    ida.go(record)
    tick(page.get_by_label("Release with redactions"))
    ida.press("Record the decision")
    while page.get_by_role("heading", name="Decide about this record").count():
        tick(page.get_by_label("Release whole"))
        ida.press("Record the decision")
    ida.look("review-desk-done")
    ida.follow("determination")
    expect(page.locator("main")).to_contain_text("mandamus")
    ida.look("determination")
    ida.press("Issue the determination")
    ida.go(request)
    ida.press("Make the production")
    # The production waits for the ledger to have its place for every record; the worker tries again by itself.
    until = time.monotonic() + 30
    while not page.get_by_role("link", name="Download").count() and time.monotonic() < until:
        town.work()
        ida.go(request)
    expect(page.get_by_role("link", name="Download")).to_be_visible()
    ida.look("request-produced")


def the_requester_downloads(town: Town, code: str, folder: Path) -> Path:
    """With the code the reporter reads the letter and downloads the production."""
    carla = town.stranger()
    page = carla.go("/request/follow/")
    carla.look("request-follow")
    field(page, "Follow code").fill(code)
    carla.press("Show it")
    expect(page.locator(".ros-letter")).to_contain_text("A resident's own telephone number")
    carla.look("request-followed")
    with page.expect_download() as going:
        page.get_by_role("link", name="Download production 1").click()
    target = folder / "production.zip"
    going.value.save_as(target)
    return target


# The stranger


def a_stranger_verifies(town: Town, production: Path, folder: Path) -> None:
    """Unpacked, the bundle verifies with one file and the key; with one byte changed, the file is named."""
    page = town.stranger().page
    (folder / "keys.txt").write_bytes(page.request.get(f"{town.address}/verify/key").body())
    tool = folder / "rostrum-verify.pyz"
    tool.write_bytes(packed())
    assert page.request.get(f"{town.address}/verify/rostrum-verify.pyz").body() == tool.read_bytes()
    with zipfile.ZipFile(production) as archive:
        archive.extractall(folder / "unpacked")
    bag = next((folder / "unpacked").rglob("bagit.txt")).parent

    code, verdicts = _verify(tool, bag, folder / "keys.txt")
    assert (code, verdicts["set"], verdicts["faults"]) == (0, "complete", [])
    assert verdicts["records"]["redacted_consistent"] == 1
    assert not any(PHONE[6:].encode() in path.read_bytes() for path in bag.rglob("*") if path.is_file())

    record = sorted(path for path in bag.rglob("data/records/**/*") if path.is_file())[0]
    data = bytearray(record.read_bytes())
    data[len(data) // 2] ^= 1
    record.write_bytes(data)
    code, verdicts = _verify(tool, bag, folder / "keys.txt")
    assert code == 1
    assert record.relative_to(bag).as_posix() in json.dumps(verdicts["faults"])


def _verify(tool: Path, bag: Path, keys: Path) -> tuple[int, dict[str, Any]]:
    """Run the one-file verifier as a stranger would, away from this checkout."""
    ran = subprocess.run(
        [sys.executable, "-I", str(tool), str(bag), "--key", str(keys), "--json"],
        capture_output=True,
        text=True,
        cwd=bag.parent,
        check=False,
    )
    return ran.returncode, json.loads(ran.stdout)


def every_clause_is_listed(town: Town) -> None:
    """The city attorney finds each of the 478 clauses with its standing."""
    ben = town.person("ben")
    page = ben.go("/desk/assurance/")
    expect(page.get_by_role("heading", name="478 clauses")).to_be_visible()
    listed = page.locator("td a[href^='/desk/policy/clauses/']").evaluate_all("all => all.map(a => a.textContent)")
    assert len(set(listed)) == 478
    ben.look("assurance")
    ben.go("/desk/policy/")
    ben.look("policy")
    ben.go("/desk/policy/clauses/WAU-use-05d/")
    ben.look("policy-clause")
