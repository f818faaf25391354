"""What a channel's page shows: read by the product, attested by a person, lost, lapsed."""

from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from rostrum.areas.channels import operations, page_reading, queries
from rostrum.areas.channels.jobs import page as jobs
from rostrum.areas.channels.models import Channel, PageCheck
from rostrum.areas.channels.pictures import MAX_BYTES
from rostrum.areas.channels.queries import page as pages
from rostrum.areas.channels.rules import ChannelState, Place
from rostrum.areas.duties.models import Duty
from rostrum.areas.governance import operations as governance
from rostrum.areas.jobs.models import Job
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.rules import Role
from rostrum.connectors.interface import ConnectorError
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.kernel.items import Item, Kind, Route
from tests.channels import (
    ELEMENTS,
    NOW,
    Square,
    Staff,
    a_body,
    a_live_channel,
    a_picture,
    a_square,
    a_staff,
    an_opened_channel,
    see_the_page,
)
from tests.people import a_person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
# What Wausau's pages say besides what each channel settles for itself.
SHOWN = (*ELEMENTS.values(), "Nothing sent to or from here is legal notice.")


@pytest.fixture
def staff() -> Staff:
    a_body()
    return a_staff()


def a_described_channel(staff: Staff, token: str = "token-of-the-parks-channel") -> Channel:
    channel = an_opened_channel(staff)
    operations.deposit_credential(
        channel_id=channel.public_id, secret={"token": token}, actor=staff.coordinator, now=NOW
    )
    return operations.describe_channel(channel_id=channel.public_id, **ELEMENTS, actor=staff.head, now=NOW)


def a_profile(*texts: str) -> Item:
    shown = "\n".join(texts)
    return Item("square", Kind.PROFILE, "sq-channel-wausau-parks", shown, shown.encode(), Route.API)


def reading(channel: Channel, *texts: str, now: datetime = NOW) -> PageCheck:
    return operations.record_page_reading(
        channel_id=channel.public_id, profile=a_profile(*texts), actor="system", now=now
    )


def places(channel: Channel, now: datetime = NOW) -> dict[str, Place]:
    channel.refresh_from_db()
    return {one.element.code: one.place for one in queries.page_standing(channel, now=now)}


def against(refusal: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str | None]]:
    return [(reason.code, reason.clause) for reason in refusal.value.reasons]


def open_duties(kind: str) -> list[Duty]:
    return list(Duty.objects.filter(kind=kind, closed_at=None))


# Before it opens


@pytest.mark.proves("page.check-before-open")
def test_a_channel_goes_live_only_after_its_page_was_checked(staff: Staff) -> None:
    channel = a_described_channel(staff)
    with pytest.raises(Refused) as refusal:
        operations.go_live(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)
    assert ("page-not-checked", "WAU-page-00") in against(refusal)
    assert ("page-element-unseen", "WAU-page-05a") in against(refusal)

    check = see_the_page(channel, staff.coordinator)

    channel.refresh_from_db()
    assert channel.state == ChannelState.CHECKED
    assert channel.page_due_at == NOW + 30 * DAY
    assert check.by == staff.coordinator
    assert pages.blobs().read(check.picture) == a_picture()
    sight = check.sights.get(element="blocking-notice")
    assert (sight.place, sight.wanted, sight.clause) == ("About section", ELEMENTS["blocking_notice"], "WAU-page-05a")
    entry = Entry.objects.get(kind="channels.page-attested.v1")
    assert entry.body["picture"] == sha256(a_picture()).hexdigest()
    assert ELEMENTS["comment_policy"] not in entry.body_text
    assert operations.go_live(channel_id=channel.public_id, actor=staff.coordinator, now=NOW).state == ChannelState.LIVE


def test_a_check_that_is_too_old_lets_nothing_go_live(staff: Staff) -> None:
    channel = a_described_channel(staff)
    see_the_page(channel, staff.coordinator)
    with pytest.raises(Refused) as refusal:
        operations.go_live(channel_id=channel.public_id, actor=staff.coordinator, now=NOW + 31 * DAY)
    assert ("page-element-lapsed", "WAU-page-01a") in against(refusal)


def test_one_element_that_is_not_there_leaves_the_channel_unchecked(staff: Staff) -> None:
    channel = a_described_channel(staff)
    codes = {element.code for element in queries.page_elements(channel)}
    see_the_page(channel, staff.head, seen=dict.fromkeys(codes - {"contact"}, "Banner"), missing=["contact"])
    assert places(channel)["contact"] is Place.MISSING
    assert channel.state == ChannelState.DEPOSITED
    see_the_page(channel, staff.head, seen={"contact": "Pinned post"})
    channel.refresh_from_db()
    assert channel.state == ChannelState.CHECKED


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"picture": b""}, "no-picture"),
        ({"seen": {"contact": " "}}, "no-place"),
        ({"seen": {}, "missing": []}, "nothing-said"),
        ({"seen": {"contact": "Banner"}, "missing": ["contact"]}, "seen-and-missing"),
    ],
)
def test_a_look_says_what_was_seen_where_with_a_picture(staff: Staff, values: dict[str, Any], code: str) -> None:
    channel = a_described_channel(staff)
    with pytest.raises(Refused) as refusal:
        see_the_page(channel, staff.coordinator, **values)
    assert [found for found, _ in against(refusal)] == [code]
    assert not PageCheck.objects.exists()


def test_an_element_whose_text_is_not_settled_cannot_be_seen(staff: Staff) -> None:
    channel = an_opened_channel(staff)
    operations.deposit_credential(channel_id=channel.public_id, secret={"token": "t0ken"}, actor=staff.head, now=NOW)
    with pytest.raises(Refused) as refusal:
        see_the_page(channel, staff.coordinator, seen={"contact": "Banner"})
    assert against(refusal) == [("element-unsettled", "WAU-page-06")]


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (b"GIF89a not a picture of ours", "neither a PNG nor a JPEG"),
        (a_picture()[:60], "damaged"),
        (b"\x89PNG" + b"0" * MAX_BYTES, "MB"),
        (a_picture("GIF"), "neither a PNG nor a JPEG"),
    ],
)
def test_what_is_no_picture_is_said(staff: Staff, picture: bytes, words: str) -> None:
    channel = a_described_channel(staff)
    with pytest.raises(InvalidInput) as problem:
        see_the_page(channel, staff.coordinator, picture=picture)
    assert problem.value.where == "picture"
    assert words in problem.value.why
    assert not PageCheck.objects.exists()


def test_a_jpeg_is_taken_as_well(staff: Staff) -> None:
    channel = a_described_channel(staff)
    assert see_the_page(channel, staff.coordinator, picture=a_picture("JPEG")).picture_mime == "image/jpeg"


def test_an_element_nobody_asks_for_is_named_and_others_may_not_check(staff: Staff) -> None:
    channel = a_described_channel(staff)
    with pytest.raises(InvalidInput):
        see_the_page(channel, staff.coordinator, seen={"motto": "Banner"})
    with pytest.raises(Refused) as refusal:
        see_the_page(channel, a_person(Role.MODERATOR))
    assert against(refusal)[0][0] == "no-role"
    with pytest.raises(Refused) as refusal:
        see_the_page(an_opened_channel(staff, handle="wausau-zoo", name="Wausau Zoo"), staff.coordinator)
    assert against(refusal)[0] == ("wrong-state", "WAU-page-00")


def test_without_anything_asked_for_somebody_still_looks() -> None:
    a_body("wi-hrh-480", name="City of Wausau")
    staff = a_staff()
    channel = a_described_channel(staff)
    with pytest.raises(Refused) as refusal:
        operations.go_live(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)
    assert {code for code, _ in against(refusal)} == {"wrong-state", "page-not-checked"}
    see_the_page(channel, staff.coordinator, picture=b"")
    assert operations.go_live(channel_id=channel.public_id, actor=staff.coordinator, now=NOW).state == ChannelState.LIVE


@pytest.mark.proves("page.not-legal-notice")
def test_a_page_that_does_not_say_what_is_no_legal_notice_stays_shut(staff: Staff) -> None:
    channel = a_described_channel(staff)
    codes = {element.code for element in queries.page_elements(channel)}
    see_the_page(
        channel, staff.head, seen=dict.fromkeys(codes - {"not-legal-notice"}, "Banner"), missing=["not-legal-notice"]
    )
    with pytest.raises(Refused) as refusal:
        operations.go_live(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)
    assert ("page-element-missing", "WAU-legal-07c") in against(refusal)

    see_the_page(channel, staff.head, seen={"not-legal-notice": "About section"})
    operations.go_live(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)

    # The body words it otherwise: what was seen no longer counts, and the page is owed the new words.
    said = "No notice can be served on the city through this page"
    governance.set_choice(key="page.not_legal_notice", value=said, reason="Counsel", actor="system", now=NOW)
    assert places(channel)["not-legal-notice"] is Place.UNSEEN
    reading(channel, *ELEMENTS.values(), "Parks and Recreation", now=NOW + DAY)
    (duty,) = open_duties(operations.RESTORE_DUTY)
    assert (duty.subject, duty.clause) == (channel.public_id, "WAU-legal-07c")
    reading(channel, *ELEMENTS.values(), said, "Parks and Recreation", now=NOW + DAY)
    assert open_duties(operations.RESTORE_DUTY) == []


def test_a_policy_that_asks_for_no_such_statement_asks_no_page_for_it() -> None:
    a_body("wi-hrh-480", name="City of Wausau")
    staff = a_staff()
    assert queries.page_elements(an_opened_channel(staff)) == ()


# Read by the product


@pytest.mark.proves("page.element")
def test_a_profile_is_read_and_what_stands_in_it_is_kept_with_its_digest(staff: Staff) -> None:
    channel = a_described_channel(staff)
    profile = (ELEMENTS["maintained_by"], "Parks and Recreation", "See wausau.example.gov/social-media-policy.")

    check = reading(channel, *profile)

    shown = "\n".join(profile)
    assert check.profile == sha256(shown.encode()).hexdigest()
    assert pages.blobs().read(check.profile) == shown.encode()
    assert check.profile_text == shown
    assert {sight.element: sight.matched for sight in check.sights.all()} == {
        "maintained-by": ELEMENTS["maintained_by"],
        "department": "Parks and Recreation",
        "policy-link": "wausau.example.gov/social-media-policy",
    }
    entry = Entry.objects.get(kind="channels.page-read.v1")
    assert entry.body["found"] == ["department", "maintained-by", "policy-link"]
    assert "Parks and Recreation" not in entry.body_text
    # What the profile does not show may stand elsewhere: a person says where.
    rest = {code: "Pinned post" for code, place in places(channel).items() if place is Place.UNSEEN}
    see_the_page(channel, staff.coordinator, seen=rest)
    channel.refresh_from_db()
    assert channel.state == ChannelState.CHECKED


def test_a_profile_that_shows_the_same_lengthens_the_last_reading(staff: Staff) -> None:
    channel = a_described_channel(staff)
    first = reading(channel, *SHOWN, "Parks and Recreation")
    again = reading(channel, *SHOWN, "Parks and Recreation", now=NOW + DAY)
    assert (again, again.looks, again.last_at) == (first, 2, NOW + DAY)
    assert Entry.objects.filter(kind="channels.page-read.v1").count() == 1
    channel.refresh_from_db()
    assert channel.page_due_at == NOW + 31 * DAY
    assert channel.state == ChannelState.CHECKED


@pytest.mark.proves("page.check-before-open")
def test_a_lost_element_opens_a_duty_which_the_next_look_closes(staff: Staff) -> None:
    channel = a_live_channel(staff)
    reading(channel, *SHOWN, "Parks and Recreation")
    gone = [text for text in SHOWN if text != ELEMENTS["blocking_notice"]]

    reading(channel, *gone, "Parks and Recreation", now=NOW + DAY)

    assert places(channel, NOW + DAY)["blocking-notice"] is Place.MISSING
    assert channel.page_missing == 1
    (duty,) = open_duties(operations.RESTORE_DUTY)
    assert (duty.subject, duty.clause, duty.due_at) == (channel.public_id, "WAU-page-05a", NOW + 2 * DAY)
    assert "blocking" in duty.title
    assert Entry.objects.filter(kind="channels.page-read.v1").latest("pk").body["lost"] == ["blocking-notice"]
    # A reading that shows the same again says nothing new, also not against a person who looked elsewhere.
    see_the_page(channel, staff.coordinator, seen={"blocking-notice": "Pinned post"}, now=NOW + DAY)
    assert open_duties(operations.RESTORE_DUTY) == []
    reading(channel, *gone, "Parks and Recreation", now=NOW + 2 * DAY)
    assert places(channel, NOW + 2 * DAY)["blocking-notice"] is Place.IN_PLACE


def test_a_changed_text_must_be_seen_anew(staff: Staff) -> None:
    channel = a_live_channel(staff)
    operations.describe_channel(
        channel_id=channel.public_id, official_contact="715-261-6500", actor=staff.head, now=NOW + DAY
    )
    assert places(channel, NOW + DAY)["contact"] is Place.UNSEEN
    assert open_duties(operations.RESTORE_DUTY)[0].clause == "WAU-page-06"


def test_a_link_elsewhere_is_not_the_bodys(staff: Staff) -> None:
    governance.set_choice(
        key="body.government_domains", value=["wausau.example.gov"], reason="x", actor="system", now=NOW
    )
    channel = a_live_channel(staff)
    for name in ("policy_link", "official_site_link"):
        values: dict[str, Any] = {name: "https://wausau.example.gov.evil.example/policy"}
        with pytest.raises(InvalidInput) as problem:
            operations.describe_channel(channel_id=channel.public_id, **values, actor=staff.head, now=NOW)
        assert problem.value.where == name
    operations.describe_channel(
        channel_id=channel.public_id, policy_link="https://www.wausau.example.gov/p", actor=staff.head, now=NOW
    )


# Time


@pytest.mark.proves("page.check-before-open")
def test_a_look_that_lapses_is_asked_for_and_then_escalates(staff: Staff) -> None:
    channel = a_live_channel(staff)
    jobs.watch_pages({}, now=NOW + 22 * DAY)
    assert open_duties(operations.PAGE_DUTY) == []

    jobs.watch_pages({}, now=NOW + 23 * DAY)
    (duty,) = open_duties(operations.PAGE_DUTY)
    assert (duty.due_at, duty.clause) == (NOW + 30 * DAY, "WAU-page-00")
    for _ in range(2):
        jobs.watch_pages({}, now=NOW + 31 * DAY)
    channel.refresh_from_db()
    assert channel.page_lapsed_at == NOW + 31 * DAY
    assert Entry.objects.filter(kind="channels.page-check-lapsed.v1").count() == 1
    assert set(places(channel, NOW + 31 * DAY).values()) == {Place.LAPSED}

    see_the_page(channel, staff.coordinator, now=NOW + 32 * DAY)

    channel.refresh_from_db()
    assert (channel.page_lapsed_at, channel.page_due_at) == (None, NOW + 62 * DAY)
    duty.refresh_from_db()
    assert duty.closed_at == NOW + 32 * DAY


def test_profiles_are_read_again_once_per_interval(
    staff: Staff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_square(tmp_path, monkeypatch) as square:
        channel = a_described_channel(staff, token=square.token)
        jobs.watch_pages({}, now=NOW)
        jobs.watch_pages({}, now=NOW)
        assert Job.objects.filter(kind="channels.read-page").count() == 1
        jobs.read_page({"channel": channel.public_id}, now=NOW)
        check = PageCheck.objects.get()
        assert "The parks of Wausau" in check.profile_text
        assert list(pages.pages_to_read(now=check.last_at)) == []
        assert list(pages.pages_to_read(now=check.last_at + DAY)) == [channel]


def test_a_platform_that_does_not_answer_is_asked_later(
    staff: Staff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_square(tmp_path, monkeypatch) as square:
        channel = a_live_channel(staff, token="a token the square does not know")
        jobs.read_page({"channel": channel.public_id}, now=NOW)
        channel.refresh_from_db()
        assert channel.trouble == "lost_token"
        with pytest.raises(ConnectorError):
            page_reading.read_page(channel, clock=lambda: NOW)
        assert PageCheck.objects.filter(how="read").count() == 0
        assert list(pages.pages_to_read(now=NOW)) == []
        del square


# Advice


@pytest.mark.proves("page.element")
def test_what_a_guideline_asks_of_a_page_is_shown_until_it_is_there() -> None:
    a_body("wi-best-practices")
    staff = a_staff()
    channel = a_described_channel(staff)
    unheeded = pages.advice_unheeded(channel, now=NOW)
    assert [clause for _, clause in unheeded] == ["BP-0-01", "BP-2-02", "BP-2-03", "BP-2-01", "BP-2-01"]
    assert any("introduction" in words for words, _ in unheeded)

    see_the_page(channel, staff.coordinator)

    assert [clause for _, clause in pages.advice_unheeded(channel, now=NOW)] == ["BP-0-01"]
    # What is only advised stops nobody.
    assert operations.go_live(channel_id=channel.public_id, actor=staff.coordinator, now=NOW).state == ChannelState.LIVE


def test_a_reading_alone_checks_a_page_that_shows_everything(
    staff: Staff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    square: Square
    with a_square(tmp_path, monkeypatch) as square:
        token = square.store.create_channel("wausau-parks", "Parks and Recreation", "\n".join(SHOWN))
        channel = a_described_channel(staff, token=token)
        page_reading.read_page(channel, clock=lambda: NOW, actor=staff.coordinator.public_id)
        channel.refresh_from_db()
        assert channel.state == ChannelState.CHECKED
