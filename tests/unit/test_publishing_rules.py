"""What may happen to a post, and what exactly is approved: truth tables and bytes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.areas.publishing import rules
from rostrum.areas.publishing.rules import (
    DRAFT_MACHINE,
    OUTCOME_MACHINE,
    ChannelFacts,
    Compared,
    Content,
    DraftAct,
    DraftState,
    MediaContent,
    Outcome,
)
from rostrum.kernel.decisions import Decision, Reason
from rostrum.kernel.findings import Finding, Strength

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
YES = Decision()
NO = Decision((Reason("no-role", "Not for you."),))
BLOCK = Finding("WAU-use-05d", "draft.personal-data", Strength.BLOCK, "A telephone number.", start=5, end=17)
WARNING = Finding("A11Y-03", "draft.hashtags", Strength.WARN, "Two words run together.", start=20, end=30)


def codes(decision: Decision) -> list[str]:
    return [reason.code for reason in decision.against]


def test_the_draft_machine_allows_exactly_its_table() -> None:
    allowed = {(state, act): after for state, act, after in DRAFT_MACHINE.cases() if after}
    assert len(allowed) == 15
    assert {state for state, act in allowed if act == DraftAct.APPROVE} == {DraftState.IN_REVIEW}
    assert {after for (_, act), after in allowed.items() if act == DraftAct.SAVE} == {DraftState.DRAFT}
    assert {state for state, act in allowed if act == DraftAct.SAVE} == {
        DraftState.DRAFT,
        DraftState.IN_REVIEW,
        DraftState.APPROVED,
    }


def test_nothing_unclear_or_published_is_ever_sent_again() -> None:
    to_send = {
        state
        for state, act, after in OUTCOME_MACHINE.cases()
        if after is Outcome.SCHEDULED or after is Outcome.INTENDED
    }
    assert to_send == {Outcome.CANCELLED, Outcome.SCHEDULED, Outcome.INTENDED, Outcome.FAILED}


CONTENT = Content(
    text="The splash pad opens. ☀️",
    channels=("chn-b", "chn-a"),
    media=(MediaContent("0" * 64, "image/png", "Children under a fountain", has_captions=False),),
    publish_at=NOW,
    answers=(("official_topic", "parks"),),
    about=("Public Library",),
    signature="Sam, Captain",
)


def test_the_bytes_approved_are_frozen() -> None:
    assert CONTENT.to_bytes().decode() == (
        '{"about":["Public Library"],"answers":{"official_topic":"parks"},"channels":["chn-a","chn-b"],'
        '"media":[{"alt":"Children under a fountain","captions":false,"mime":"image/png","sha256":"' + "0" * 64 + '"}],'
        '"publish_at":"2026-11-23T16:00:00+00:00","signature":"Sam, Captain","text":"The splash pad opens. ☀️"}'
    )


def test_the_same_instant_in_another_zone_is_the_same_content() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=-6)))
    assert replace(CONTENT, publish_at=there).to_bytes() == CONTENT.to_bytes()


@given(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.lists(st.text("abc-", min_size=1), unique=True),
    st.dictionaries(st.text("abc", min_size=1), st.text(st.characters(exclude_categories=["Cs"]))),
)
def test_content_reads_back_what_it_wrote(text: str, channels: list[str], answers: dict[str, str]) -> None:
    content = Content(text=text, channels=tuple(sorted(channels)), answers=tuple(sorted(answers.items())))
    read = Content.from_bytes(content.to_bytes())
    assert read == content
    assert rules.digest_of(read.to_bytes()) == rules.digest_of(content.to_bytes())


def test_every_change_of_content_changes_the_digest() -> None:
    changed = [
        replace(CONTENT, text="The splash pad opens."),
        replace(CONTENT, channels=("chn-a",)),
        replace(CONTENT, media=()),
        replace(CONTENT, media=(replace(CONTENT.media[0], alt="Water"),)),
        replace(CONTENT, publish_at=None),
        replace(CONTENT, answers=()),
        replace(CONTENT, about=()),
        replace(CONTENT, signature=""),
    ]
    digests = {rules.digest_of(one.to_bytes()) for one in (CONTENT, *changed)}
    assert len(digests) == len(changed) + 1


def test_the_signature_stands_under_the_text() -> None:
    assert CONTENT.published_text == "The splash pad opens. ☀️\nSam, Captain"
    assert replace(CONTENT, signature="").published_text == CONTENT.text


@pytest.mark.parametrize(
    ("approved", "captured", "expected"),
    [
        ("One\nTwo", "One\nTwo", Compared.SAME),
        ("One  \nTwo\n", "One\r\nTwo", Compared.SAME),
        ("  One", "One", Compared.SAME),
        ("One", "one", Compared.DIFFERENT),
        ("One Two", "One\nTwo", Compared.DIFFERENT),
        ("One", "", Compared.DIFFERENT),
    ],
)
def test_blank_ends_and_line_ends_are_no_difference(approved: str, captured: str, expected: Compared) -> None:
    assert rules.compare(approved, captured) is expected


def test_a_finding_is_named_by_what_it_says_and_where() -> None:
    assert rules.finding_key(BLOCK) == rules.finding_key(replace(BLOCK, advice="Take it out."))
    assert len({rules.finding_key(one) for one in (BLOCK, WARNING, replace(BLOCK, start=6))}) == 3


def test_a_block_stands_until_two_have_cleared_it_and_a_warning_until_one() -> None:
    findings = (BLOCK, WARNING)
    for count, block_stands, warning_stands in ((0, True, True), (1, True, False), (2, False, False)):
        cleared = {rules.finding_key(one): count for one in findings}
        assert bool(rules.standing(findings, cleared, Strength.BLOCK)) is block_stands
        assert bool(rules.standing(findings, cleared, Strength.WARN)) is warning_stands


LIVE = ChannelFacts("Wausau Parks", is_live=True, has_credential=True, may_speak=YES)
SUBMIT = rules.SubmitFacts(DraftState.DRAFT, YES, False, (LIVE,), (), (), None, NOW, "WAU-auth-01c")


@pytest.mark.parametrize(
    ("changes", "against"),
    [
        ({}, []),
        ({"state": DraftState.IN_REVIEW}, ["wrong-state"]),
        ({"may_draft": NO}, ["no-role"]),
        ({"is_empty": True}, ["empty"]),
        ({"channels": ()}, ["no-channel"]),
        ({"channels": (replace(LIVE, is_live=False),)}, ["channel-not-live"]),
        ({"channels": (replace(LIVE, has_credential=False),)}, ["no-credential"]),
        ({"channels": (replace(LIVE, is_live=False, standing=NO),)}, ["channel-not-live", "no-role"]),
        ({"channels": (replace(LIVE, may_speak=NO),)}, ["no-right-to-speak"]),
        ({"publish_at": NOW}, ["time-passed"]),
        ({"publish_at": NOW + timedelta(seconds=1)}, []),
        ({"blocks": (BLOCK,)}, ["blocked"]),
        ({"unanswered": (WARNING,)}, ["unanswered"]),
        ({"is_empty": True, "channels": (), "blocks": (BLOCK,)}, ["empty", "no-channel", "blocked"]),
    ],
)
def test_a_submission_is_refused_with_every_reason(changes: dict[str, object], against: list[str]) -> None:
    assert codes(rules.decide_submission(replace(SUBMIT, **changes))) == against  # type: ignore[arg-type]


APPROVAL = rules.ApprovalFacts(DraftState.IN_REVIEW, "per-2", ("per-1",), YES, "d", "d", (), ())


@pytest.mark.parametrize(
    ("changes", "against"),
    [
        ({}, []),
        ({"state": DraftState.DRAFT}, ["wrong-state"]),
        ({"approver": "per-1"}, ["own-draft"]),
        ({"shown": "e"}, ["changed"]),
        ({"blocks": (BLOCK,), "warnings": (WARNING,)}, ["blocked", "warning-open"]),
        ({"may_approve": NO}, ["no-role"]),
    ],
)
def test_an_approval_is_of_anothers_draft_as_shown(changes: dict[str, object], against: list[str]) -> None:
    assert codes(rules.decide_approval(replace(APPROVAL, **changes))) == against  # type: ignore[arg-type]


PUBLISH = rules.PublishFacts("d", "d", channel_is_live=True, may_speak=YES)


@pytest.mark.parametrize(
    ("changes", "against"),
    [
        ({}, []),
        ({"approved": ""}, ["not-approved"]),
        ({"digest": "e"}, ["not-approved"]),
        ({"channel_is_live": False}, ["channel-not-live"]),
        ({"may_speak": NO}, ["no-role"]),
    ],
)
def test_only_approved_bytes_go_out_on_a_live_channel(changes: dict[str, object], against: list[str]) -> None:
    assert codes(rules.decide_publication(replace(PUBLISH, **changes))) == against  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("outcomes", "allowed"),
    [
        ((Outcome.SCHEDULED, Outcome.FAILED), True),
        ((Outcome.SCHEDULED, Outcome.NOT_PUBLISHED), True),
        ((Outcome.SCHEDULED, Outcome.INTENDED), False),
        ((Outcome.UNCLEAR,), False),
        ((Outcome.PUBLISHED,), False),
    ],
)
def test_a_post_is_called_off_only_while_nothing_may_have_been_sent(
    outcomes: tuple[Outcome, ...], allowed: bool
) -> None:
    facts = rules.CallingOffFacts(DraftState.SCHEDULED, YES, outcomes)
    assert rules.decide_calling_off(facts).allowed is allowed


@pytest.mark.parametrize("outcome", list(Outcome))
def test_resolving_is_for_the_unclear_and_retrying_for_the_failed(outcome: Outcome) -> None:
    facts = rules.OutcomeFacts(outcome, YES)
    assert rules.decide_resolution(facts).allowed is (outcome is Outcome.UNCLEAR)
    assert rules.decide_retry(facts).allowed is (outcome is Outcome.FAILED)
