"""What follows from a platform's terms: changes and their decision, the watch, readings, use, cookies."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rostrum.areas.channels import operations
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.models.terms import TermsChange, TermsReading, TermsReview
from rostrum.areas.channels.operations import terms_changes, terms_duties, terms_reviews, terms_texts
from rostrum.areas.channels.operations.terms_changes import CHANGE_DUTY, READ_DUTY
from rostrum.areas.channels.operations.terms_duties import COOKIE_DUTY, USE_DUTY
from rostrum.areas.channels.operations.terms_texts import WATCH_DUTY
from rostrum.areas.channels.queries import terms as queries
from rostrum.areas.channels.rules import ChannelState
from rostrum.areas.channels.rules.terms import Answer, ReviewState
from rostrum.areas.duties.models import Duty
from rostrum.areas.governance import operations as governance
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people import operations as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Right, Role
from rostrum.areas.publishing import operations as publishing
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.worker.loop import Worker
from tests.channels import (
    NOW,
    Staff,
    a_body,
    a_live_channel,
    a_requested_channel,
    a_reviewed_channel,
    a_staff,
)
from tests.channels import let_it_speak as speak
from tests.people import a_person
from tests.publishing import a_draft, speaks_on
from tests.terms import PRIVACY, TERMS, accepted, answered, begun, keep, read, signed

pytestmark = pytest.mark.django_db
CHANGED = TERMS.replace("You keep what you write.", "What you write is ours as well.")


@pytest.fixture
def staff() -> Staff:
    """A city whose body chose that changed terms stop publishing."""
    a_body()
    governance.set_choice(key="terms.change_suspends", value=True, reason="Safer", actor="system", now=NOW)
    return a_staff()


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def clauses(refusal: pytest.ExceptionInfo[Refused]) -> set[str | None]:
    return {reason.clause for reason in refusal.value.reasons}


def duty(kind: str) -> Duty:
    return Duty.objects.filter(kind=kind).latest("pk")


def still_open(kind: str) -> list[Duty]:
    return list(Duty.objects.filter(kind=kind, closed_at=None))


def decide(change: TermsChange, staff: Staff, **overrides: Any) -> None:
    values: dict[str, Any] = {
        "change_id": change.public_id,
        "seen": change.to_version.sha256,
        "use": "use",
        "reasons": "Nothing that matters to us",
        "actor": staff.public_affairs,
        "now": NOW,
    }
    terms_changes.decide_terms_change(**(values | overrides))


def state_of(channel: Channel) -> str:
    channel.refresh_from_db()
    return channel.state


def review_states(platform: str = "square") -> set[str]:
    return set(TermsReview.objects.filter(channel__platform=platform).values_list("state", flat=True))


def may_speak(person: User, channel: Channel, by: User) -> None:
    people.give_channel_right(
        person=person, channel=channel.public_id, right=Right.SPEAK, unit=channel.unit, actor=by, now=NOW
    )
    work()


def work() -> None:
    Worker(schedule=(), clock=lambda: NOW).run_until_idle()


# A change


def test_a_new_text_reopens_every_review_and_stops_publishing_until_it_is_decided(staff: Staff) -> None:
    live = a_live_channel(staff)
    paused = a_live_channel(staff, token="second token of the body", handle="pools", name="Wausau Pools")
    operations.pause_channel(channel_id=paused.public_id, reason="Winter", actor=staff.coordinator, now=NOW)
    waiting = a_reviewed_channel(staff, handle="zoo", name="Wausau Zoo")
    elsewhere = a_reviewed_channel(staff, platform="facebook", handle="WausauParks", name="Parks on Facebook")

    keep("square", staff.coordinator, text=CHANGED)

    change = TermsChange.objects.get()
    assert [state_of(one) for one in (live, paused, waiting, elsewhere)] == [
        *("suspended", "paused", "reviewed", "reviewed"),
    ]
    assert (review_states(), review_states("facebook")) == ({"reopened"}, {"accepted"})
    owed = duty(CHANGE_DUTY)
    assert (owed.subject, owed.owner, owed.clock) == (change.public_id, staff.public_affairs, "P10D")
    assert "Terms changed, review open" in queries.terms_open("square")
    assert Entry.objects.filter(kind="channels.channel-suspended.v1").count() == 1
    body = Entry.objects.filter(kind="channels.terms-stored.v1").latest("pk").body
    assert (body["change"], len(body["reopened_reviews"])) == (change.public_id, 3)
    with pytest.raises(Refused) as refusal:
        operations.approve_channel(channel_id=waiting.public_id, actor=staff.coordinator, now=NOW)
    assert codes(refusal) == ["terms-open"]
    with pytest.raises(Refused) as refusal:
        operations.resume_channel(channel_id=paused.public_id, actor=staff.coordinator, now=NOW)
    assert codes(refusal) == ["terms-open"]

    decide(change, staff)

    assert [state_of(one) for one in (live, paused, waiting)] == ["live", "paused", "reviewed"]
    assert review_states() == {"accepted"}
    assert still_open(CHANGE_DUTY) == []
    assert queries.terms_open("square") == ""
    operations.approve_channel(channel_id=waiting.public_id, actor=staff.coordinator, now=NOW)


def test_a_post_for_a_suspended_channel_is_refused_with_the_reason_and_waits(staff: Staff) -> None:
    channel = a_live_channel(staff)
    speaks_on(staff.spokesperson, channel)
    draft = a_draft(staff, channel)
    keep("square", staff.coordinator, text=CHANGED)
    with pytest.raises(Refused) as refusal:
        publishing.submit_draft(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)
    assert codes(refusal) == ["channel-not-live", "terms-open"]
    assert "Terms changed, review open" in str(refusal.value)
    decide(TermsChange.objects.get(), staff)
    publishing.submit_draft(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)


def test_where_the_body_does_not_ask_for_it_the_channel_goes_on_while_the_change_is_decided() -> None:
    a_body()
    staff = a_staff()
    channel = a_live_channel(staff)
    keep("square", staff.coordinator, text=CHANGED)
    assert state_of(channel) == ChannelState.LIVE
    assert "Terms changed" in queries.terms_open("square")
    # Decided against, it stops there too.
    decide(TermsChange.objects.get(), staff, use="do_not_use")
    assert state_of(channel) == ChannelState.SUSPENDED
    assert "decided not to use" in queries.terms_open("square")


@pytest.mark.proves("terms.amendment-decider")
def test_only_the_named_person_decides_about_a_change() -> None:
    a_body("wi-best-practices", name="Agency of Examples")
    staff = a_staff()
    channel = a_live_channel(staff)
    keep("square", staff.coordinator, "privacy", text=PRIVACY + "4. We sell everything.")
    change = TermsChange.objects.get()
    assert state_of(channel) == ChannelState.SUSPENDED
    for actor in (staff.coordinator, staff.head, a_person(Role.AGENCY_HEAD), a_person(Role.PUBLIC_AFFAIRS)):
        with pytest.raises(Refused) as refusal:
            decide(change, staff, actor=actor)
        assert (codes(refusal), clauses(refusal)) == (["not-the-decider"], {"BP-3-T06h"})
    for overrides, code in (
        ({"reasons": ""}, "no-reasons"),
        ({"use": "conditional"}, "no-conditions"),
        ({"seen": change.from_version.sha256}, "newer-text"),
    ):
        with pytest.raises(Refused) as refusal:
            decide(change, staff, **overrides)
        assert codes(refusal) == [code]
    owed = duty(CHANGE_DUTY)
    assert (owed.clause, owed.closed_at) == ("BP-3-T06h", None)

    decide(change, staff, use="do_not_use")
    owed.refresh_from_db()
    assert owed.closed_at == NOW
    assert (state_of(channel), review_states()) == (ChannelState.SUSPENDED, {"refused"})
    operations.pause_channel(channel_id=channel.public_id, reason="So be it", actor=staff.coordinator, now=NOW)
    with pytest.raises(Refused) as refusal:
        operations.resume_channel(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)
    assert "terms-open" in codes(refusal)

    decide(change, staff, use="conditional", conditions="No comments", now=NOW + timedelta(days=1))

    assert review_states() == {ReviewState.ACCEPTED}
    operations.resume_channel(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)
    assert [one.use for one in change.decisions.all()] == ["conditional", "do_not_use"]
    assert Entry.objects.filter(kind="channels.terms-change-decided.v1").latest("pk").body["reasons"]


def test_a_text_that_changes_again_is_one_thing_to_decide_and_the_newer_one_is_read(staff: Staff) -> None:
    a_live_channel(staff)
    keep("square", staff.coordinator, text=CHANGED)
    seen = TermsChange.objects.get().to_version.sha256
    owed = duty(CHANGE_DUTY)
    again = keep("square", staff.coordinator, text=CHANGED + "4. And more.", now=NOW + timedelta(days=3))
    change = TermsChange.objects.get()
    assert (change.from_version.number, change.to_version) == (1, again)
    assert still_open(CHANGE_DUTY) == [owed]
    with pytest.raises(Refused) as refusal:
        decide(change, staff, seen=seen)
    assert codes(refusal) == ["newer-text"]
    decide(change, staff, seen=again.sha256)


def test_two_texts_changed_both_are_decided_before_the_channel_speaks_again(staff: Staff) -> None:
    channel = a_live_channel(staff)
    keep("square", staff.coordinator, text=CHANGED)
    keep("square", staff.coordinator, "privacy", text=PRIVACY + "4. We sell everything.")
    terms, privacy = TermsChange.objects.order_by("pk")
    decide(terms, staff)
    assert (state_of(channel), review_states()) == (ChannelState.SUSPENDED, {"reopened"})
    decide(privacy, staff)
    assert (state_of(channel), review_states()) == (ChannelState.LIVE, {"accepted"})


def test_a_review_under_way_goes_back_to_its_reader_when_the_text_changes(staff: Staff) -> None:
    channel = a_requested_channel(staff)
    review = signed(staff, read(staff, answered(staff, begun(staff, channel))))
    keep("square", staff.coordinator, text=CHANGED)
    review.refresh_from_db()
    assert (review.state, review.read_at, review.signed_by) == (ReviewState.OPEN, None, None)
    assert not queries.is_newest(review)
    with pytest.raises(Refused) as refusal:
        accepted(staff, review)
    assert "not-read" in codes(refusal)


def test_a_first_text_and_a_platform_without_channels_reopen_nothing(staff: Staff) -> None:
    keep("facebook", staff.coordinator)
    keep("facebook", staff.coordinator, text=CHANGED)
    assert not TermsChange.objects.exists()
    assert queries.terms_open("facebook") == ""


def test_a_settled_review_is_taken_over_for_the_newer_text(staff: Staff) -> None:
    a_reviewed_channel(staff)
    source = TermsReview.objects.get()
    keep("square", staff.coordinator, text=CHANGED)
    decide(TermsChange.objects.get(), staff)
    channel = a_requested_channel(staff, handle="pools", name="Wausau Pools")
    taken = terms_reviews.adopt_terms_review(
        channel_id=channel.public_id, review_id=source.public_id, fit="Same residents", actor=staff.head, now=NOW
    )
    accepted(staff, signed(staff, taken))
    assert state_of(channel) == ChannelState.REVIEWED


def test_those_concerned_are_told_by_mail(staff: Staff, capsys: pytest.CaptureFixture[str]) -> None:
    channel = a_live_channel(staff)
    may_speak(staff.spokesperson, channel, staff.coordinator)
    keep("square", staff.coordinator, text=CHANGED)
    work()
    told = capsys.readouterr().out
    for person in (staff.coordinator, staff.public_affairs, staff.spokesperson):
        assert f"mail to {person.email}: The terms of service of Sample square changed" in told
    # December 3 is the tenth day, to its end.
    assert "It is for you to decide what the body does about it by December 3, 2026." in told
    assert "Pat Affairs decides what the body does about it." in told
    assert "Until then nothing is published" in told


# The watch


@pytest.mark.proves("terms.amendment-watch")
def test_the_watcher_owes_a_look_that_each_look_renews() -> None:
    a_body("wi-best-practices", name="Agency of Examples")
    staff = a_staff()
    channel = a_live_channel(staff)
    first = duty(WATCH_DUTY)
    assert (first.owner, first.subject, first.clause) == (staff.coordinator, "square", "BP-3-T06g")
    # Ninety days on is February 21, a Sunday: so the Monday after, to its end, in winter time.
    assert first.due_at == datetime(2027, 2, 23, 6, 0, tzinfo=UTC)

    later = NOW + timedelta(days=80)
    terms_texts.note_terms_unchanged(platform="square", document="terms", actor=staff.coordinator, now=later)
    assert still_open(WATCH_DUTY) == [first]
    look = terms_texts.note_terms_unchanged(platform="square", document="privacy", actor=staff.coordinator, now=later)
    first.refresh_from_db()
    assert (first.closed_at, first.evidence) == (later, look.public_id)
    (second,) = still_open(WATCH_DUTY)
    assert second.opened_at == later
    # Counted over the change to summer time, and still to the end of a day.
    assert second.due_at == datetime(2027, 5, 13, 5, 0, tzinfo=UTC)

    keep("square", staff.coordinator, text=CHANGED, now=later + timedelta(days=1))
    assert state_of(channel) == ChannelState.SUSPENDED
    assert review_states() == {ReviewState.REOPENED}


def test_another_watcher_and_decider_take_over_what_is_open(staff: Staff) -> None:
    a_live_channel(staff)
    keep("square", staff.coordinator, text=CHANGED)
    change = TermsChange.objects.get()
    before = duty(CHANGE_DUTY)
    other = a_person(Role.PUBLIC_AFFAIRS, name="Quinn Affairs")
    with pytest.raises(Refused):
        terms_texts.name_terms_watch(platform="square", watcher=other, decider=other, actor=staff.spokesperson, now=NOW)
    terms_texts.name_terms_watch(platform="square", watcher=other, decider=other, actor=staff.coordinator, now=NOW)
    assert {one.owner for one in (*still_open(WATCH_DUTY), *still_open(CHANGE_DUTY))} == {other}
    assert still_open(CHANGE_DUTY)[0].due_at == before.due_at
    with pytest.raises(InvalidInput):
        terms_texts.name_terms_watch(platform="square", watcher=other, decider=other, actor=other, now=NOW)
    with pytest.raises(Refused):
        decide(change, staff)
    decide(change, staff, actor=other)


# Those who post


@pytest.mark.proves("terms.current-version-read")
def test_under_dma_those_who_post_read_each_new_version_and_confirm_it() -> None:
    a_body("dma-2.110", name="Department of Military Affairs")
    staff = a_staff()
    channel = a_reviewed_channel(staff)
    may_speak(staff.spokesperson, channel, staff.public_affairs)
    owed = duty(READ_DUTY)
    assert (owed.owner, owed.clause, owed.clock) == (staff.spokesperson, "DMA-II-A-05a", "P14D")
    version = queries.venue_rules("square")
    assert version is not None
    assert queries.unread_rules(staff.spokesperson, [channel]) == [version]
    with pytest.raises(Refused) as refusal:
        terms_changes.confirm_terms_read(version_id=version.public_id, actor=staff.head, now=NOW)
    assert codes(refusal) == ["no-right-to-speak"]

    terms_changes.confirm_terms_read(version_id=version.public_id, actor=staff.spokesperson, now=NOW)

    owed.refresh_from_db()
    assert owed.closed_at == NOW
    assert TermsReading.objects.get().version == version
    assert queries.unread_rules(staff.spokesperson, [channel]) == []
    rules = keep("square", staff.coordinator, "rules", text="Be kind. No advertising.", now=NOW + timedelta(days=9))
    assert queries.unread_rules(staff.spokesperson, [channel]) == [rules]
    assert still_open(READ_DUTY)[0].owner == staff.spokesperson
    with pytest.raises(Refused) as refusal:
        terms_changes.confirm_terms_read(version_id=version.public_id, actor=staff.spokesperson, now=NOW)
    assert (codes(refusal), clauses(refusal)) == (["newer-text", "already-confirmed"], {"DMA-II-A-05a", None})
    terms_changes.confirm_terms_read(version_id=rules.public_id, actor=staff.spokesperson, now=NOW)
    assert still_open(READ_DUTY) == []


def test_where_no_pack_asks_those_who_post_nobody_owes_a_reading(staff: Staff) -> None:
    channel = a_live_channel(staff)
    may_speak(staff.spokesperson, channel, staff.coordinator)
    assert still_open(READ_DUTY) == []
    assert queries.unread_rules(staff.spokesperson, [channel]) == []


# Watching over use


@pytest.mark.proves("terms.monitoring-duty")
def test_terms_that_oblige_to_watch_open_a_duty_that_returns() -> None:
    a_body("wi-best-practices", name="Agency of Examples")
    staff = a_staff()
    channel = a_requested_channel(staff)
    review = begun(staff, channel)
    asks = Answer("yes", "Comments of others", "You agree to watch over what is written on your pages.", "2")
    answered(staff, review, answers={"monitoring": asks})
    with pytest.raises(Refused) as refusal:
        read(staff, review)
    assert (codes(refusal), clauses(refusal)) == (["no-interval"], {"BP-3-T06e"})
    answered(staff, review, answers={"monitoring": asks}, every_days=7)
    accepted(staff, signed(staff, read(staff, review)))
    assert still_open(USE_DUTY) == []

    let_it_speak(staff, channel)
    work()
    first = duty(USE_DUTY)
    assert (first.subject, first.clause, first.clock) == (channel.public_id, "BP-3-T06e", "P7D")
    assert first.due_at == datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
    with pytest.raises(InvalidInput):
        terms_duties.note_use_look(channel_id=channel.public_id, found=" ", actor=staff.coordinator, now=NOW)
    with pytest.raises(Refused):
        terms_duties.note_use_look(channel_id=channel.public_id, found="All well", actor=staff.spokesperson, now=NOW)
    look = terms_duties.note_use_look(
        channel_id=channel.public_id, found="All well", actor=staff.coordinator, now=NOW + timedelta(days=6)
    )
    first.refresh_from_db()
    assert (first.closed_at, first.evidence) == (NOW + timedelta(days=6), look.public_id)
    (second,) = still_open(USE_DUTY)
    # December 6 is a Sunday.
    assert second.due_at == datetime(2026, 12, 8, 6, 0, tzinfo=UTC)

    operations.close_channel(channel_id=channel.public_id, reason="Merged", actor=staff.coordinator, now=NOW)
    work()
    assert still_open(USE_DUTY) == []


def let_it_speak(staff: Staff, channel: Channel) -> None:
    who: dict[str, Any] = {"channel_id": channel.public_id, "now": NOW}
    operations.approve_channel(actor=staff.coordinator, **who)
    operations.open_channel(
        registered_email="parks@agency.example.gov",
        connection={"service": "http://square.test"},
        actor=staff.head,
        **who,
    )
    operations.deposit_credential(secret={"token": "token of the agency"}, actor=staff.coordinator, **who)
    speak(channel, staff)


# Cookies


@pytest.mark.proves("terms.cookie-review")
def test_cookies_of_our_own_site_are_gone_over_by_the_officer() -> None:
    a_body("wi-best-practices", name="Agency of Examples")
    staff = a_staff()
    decision: dict[str, Any] = {
        "keeps": True,
        "reasons": "They remember the language only",
        "privacy_policy": "Privacy policy of 2026-03-01",
        "actor": staff.public_affairs,
        "now": NOW,
    }
    with pytest.raises(Refused) as refusal:
        terms_duties.decide_cookie_use(**decision)
    assert codes(refusal) == ["no-cookies"]
    with pytest.raises(InvalidInput):
        terms_duties.state_cookie_use(uses_cookies=True, what_for="", actor=staff.coordinator, now=NOW)
    with pytest.raises(Refused):
        terms_duties.state_cookie_use(uses_cookies=True, what_for="Language", actor=staff.spokesperson, now=NOW)
    terms_duties.state_cookie_use(uses_cookies=True, what_for="Language", actor=staff.coordinator, now=NOW)
    first = duty(COOKIE_DUTY)
    assert (first.owner_role, first.clause, first.clock) == (Role.PUBLIC_AFFAIRS, "BP-3-P04", "P30D")
    for overrides, code in (
        ({"actor": staff.coordinator}, "not-your-decision"),
        ({"reasons": ""}, "no-reasons"),
        ({"privacy_policy": " "}, "no-privacy-policy"),
    ):
        with pytest.raises(Refused) as refusal:
            terms_duties.decide_cookie_use(**(decision | overrides))
        assert (codes(refusal), clauses(refusal)) == ([code], {"BP-3-P04"})

    made = terms_duties.decide_cookie_use(**decision)

    first.refresh_from_db()
    assert (first.closed_at, first.evidence) == (NOW, made.public_id)
    (again,) = still_open(COOKIE_DUTY)
    assert again.clock == "P365D"
    terms_duties.state_cookie_use(uses_cookies=False, what_for="", actor=staff.coordinator, now=NOW)
    assert still_open(COOKIE_DUTY) == []


def test_every_control_about_terms_answers_for_itself(staff: Staff) -> None:
    from rostrum.areas.channels.controls.terms import CONTROLS

    empty = [control.evidence() for control in CONTROLS]
    assert all(one.summary and one.link for one in empty)
    a_live_channel(staff)
    keep("square", staff.coordinator, text=CHANGED)
    decide(TermsChange.objects.get(), staff)
    answers = {control.id: control.evidence() for control in CONTROLS}
    assert "1 of 1 approved channels" in answers["terms.review-before-use"].summary
    assert "0 of them by their reader" in answers["terms.two-sign-offs"].summary
    assert "1 decisions on changed terms" in answers["terms.amendment-decider"].summary
    assert answers["terms.versions"].count == 3
