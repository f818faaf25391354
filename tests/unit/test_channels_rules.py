"""What may be done with a channel, and how addresses are read: truth tables."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.areas.channels import rules
from rostrum.areas.channels.addresses import read_address
from rostrum.areas.channels.rules import CHANNEL_MACHINE, ChannelAct, ChannelState, Place, Standing, Step
from rostrum.areas.channels.rules.page import Element, How, Sight
from rostrum.kernel.decisions import Decision, InvalidInput, Reason

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
NOBODY = Decision((Reason("no-role", "Not for you."),))
CLAUSES = {
    "channel.purpose": "WAU-purpose-01",
    "channel.prior-authorization": "WAU-own-02a",
    "channel.official-email": "WAU-own-05e",
    "custody.deposit-duty": "WAU-own-02c",
    "custody.unique-credential": "BP-5-03",
    "channel.capture-before-open": "WAU-use-10c",
    "page.check-before-open": "WAU-page-00",
}


def codes(decision: Decision) -> list[str]:
    return [reason.code for reason in decision.against]


def clause_of(decision: Decision, code: str) -> str | None:
    return next(reason.clause for reason in decision.against if reason.code == code)


@pytest.mark.parametrize(
    "spelling",
    [
        ("@Parks.Example.GOV", ""),
        ("parks.example.gov", ""),
        ("", "https://bsky.app/profile/parks.example.gov"),
        ("", "bsky.app/profile/Parks.example.gov/"),
        ("", "HTTP://BSKY.APP:80/profile/parks.example.gov?lang=en#posts"),
        ("parks.example.gov", "https://bsky.app/profile/parks.example.gov"),
        ("ｐarks.example.gov", ""),
    ],
)
def test_all_spellings_of_a_bluesky_channel_are_one_address(spelling: tuple[str, str]) -> None:
    handle, url = spelling
    assert read_address("bluesky", handle=handle, url=url).key == "@parks.example.gov"


@pytest.mark.parametrize(
    "url",
    [
        "https://blog.example.gov/parks",
        "http://www.blog.example.gov/parks/",
        "BLOG.example.gov/parks",
        "https://blog.example.gov:443/parks",
        "https://blog.example.gov./parks",
    ],
)
def test_all_spellings_of_a_page_are_one_address(url: str) -> None:
    assert read_address("blog", handle="", url=url).key == "blog.example.gov/parks"


@pytest.mark.parametrize(
    ("platform", "handle", "url", "where"),
    [
        ("friendster", "a", "", "platform"),
        ("bluesky", "", "", "handle"),
        ("bluesky", "two words", "", "handle"),
        ("bluesky", "a.test", "https://bsky.app/profile/b.test", "url"),
        ("bluesky", "", "https://www.facebook.com/cityparks", "url"),
        ("blog", "", "https://twitter.com/cityparks", "url"),
        ("blog", "", "javascript:alert(1)", "url"),
        ("blog", "", "https://", "url"),
        ("blog", "", "https://exa mple.gov/", "url"),
        ("blog", "", "https://example.gov:99999/", "url"),
    ],
)
def test_what_is_no_address_of_the_platform_is_named(platform: str, handle: str, url: str, where: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_address(platform, handle=handle, url=url)
    assert caught.value.where == where


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_an_address_or_a_named_mistake(handle: str, url: str) -> None:
    try:
        address = read_address("blog", handle=handle, url=url)
    except InvalidInput:
        return
    assert address.key
    assert read_address("blog", handle=address.handle, url=address.url).key == address.key


def test_the_channel_machine_allows_exactly_its_table() -> None:
    allowed = {(state, act): after for state, act, after in CHANNEL_MACHINE.cases() if after}
    assert allowed[ChannelState.REQUESTED, ChannelAct.REVIEW] is ChannelState.REVIEWED
    assert allowed[ChannelState.REVIEWED, ChannelAct.APPROVE] is ChannelState.APPROVED
    assert (ChannelState.REQUESTED, ChannelAct.APPROVE) not in allowed
    assert allowed[ChannelState.DEPOSITED, ChannelAct.CHECK_PAGE] is ChannelState.CHECKED
    assert allowed[ChannelState.CHECKED, ChannelAct.GO_LIVE] is ChannelState.LIVE
    assert (ChannelState.DEPOSITED, ChannelAct.GO_LIVE) not in allowed
    assert (ChannelState.APPROVED, ChannelAct.GO_LIVE) not in allowed
    assert (ChannelState.REQUESTED, ChannelAct.OPEN) not in allowed
    assert not any(state in (ChannelState.CLOSED, ChannelState.DECLINED) for state, _ in allowed)
    assert allowed[ChannelState.FOUND, ChannelAct.ASK] is ChannelState.REQUESTED
    assert (ChannelState.FOUND, ChannelAct.APPROVE) not in allowed
    assert len(allowed) == 33


REQUEST = rules.RequestFacts(
    Decision(), "Tell residents what opens", "Recreation for all", ("activities",), (), "", CLAUSES
)


def test_a_request_needs_purpose_goal_and_a_free_address() -> None:
    assert rules.decide_request(REQUEST).allowed
    refused = rules.decide_request(replace(REQUEST, purpose=" ", mission_goal="", taken_by="City parks"))
    assert codes(refused) == ["no-purpose", "no-mission-goal", "address-taken"]
    assert clause_of(refused, "no-purpose") == "WAU-purpose-01"


def test_where_the_pack_lists_purposes_one_of_them_is_chosen() -> None:
    listed = (("mission", "WAU-purpose-01"), ("activities", "WAU-purpose-01"))
    assert rules.decide_request(replace(REQUEST, listed=listed)).allowed
    refused = rules.decide_request(replace(REQUEST, listed=listed, serves=()))
    assert codes(refused) == ["no-listed-purpose"]
    assert clause_of(refused, "no-listed-purpose") == "WAU-purpose-01"


COORDINATOR = Step(("social_media_coordinator",), "social media coordinator", "WAU-def-07b")
ROUTE = (
    Step(("department_head",), "department head", "DMA-II-B-02a"),
    Step(("it_director",), "IT director", "DMA-II-B-02c"),
    Step(("public_affairs_office",), "public affairs", "DMA-II-B-02b"),
)


def step(**overrides: object) -> rules.StepFacts:
    facts = rules.StepFacts(
        state=ChannelState.REVIEWED,
        actor="per-2",
        requester="per-1",
        actor_roles=frozenset({"social_media_coordinator"}),
        needed=(COORDINATOR,),
        taken=(),
        clauses=CLAUSES,
    )
    return replace(facts, **overrides)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "against"),
    [
        (step(), []),
        (step(state=ChannelState.REQUESTED), ["terms-not-reviewed"]),
        (step(state=ChannelState.REQUESTED, act=ChannelAct.DECLINE), []),
        (step(terms_open="The terms changed."), ["terms-open"]),
        (step(act=ChannelAct.DECLINE, terms_open="The terms changed."), []),
        (step(actor="per-1"), ["own-request"]),
        (step(actor_roles=frozenset({"employee"})), ["not-your-step"]),
        (step(state=ChannelState.APPROVED, taken=("per-3",)), ["wrong-state"]),
        (step(needed=ROUTE, actor_roles=frozenset({"public_affairs_office"})), ["not-your-step"]),
        (step(needed=ROUTE, actor_roles=frozenset({"department_head"})), []),
        (step(needed=ROUTE, taken=("per-2",), actor_roles=frozenset({"it_director"})), ["step-taken"]),
        (step(needed=ROUTE, taken=("per-3", "per-4"), actor_roles=frozenset({"public_affairs_office"})), []),
    ],
)
def test_a_step_is_taken_in_order_by_its_role_and_never_by_who_asked(
    facts: rules.StepFacts, against: list[str]
) -> None:
    assert codes(rules.decide_step(facts)) == against


def test_a_refused_step_cites_the_clause_that_asks_for_it() -> None:
    refused = rules.decide_step(step(needed=ROUTE, actor_roles=frozenset({"public_affairs_office"})))
    assert clause_of(refused, "not-your-step") == "DMA-II-B-02a"


def test_only_the_last_step_completes_the_approval() -> None:
    assert [step(needed=ROUTE, taken=taken).is_last for taken in ((), ("a",), ("a", "b"))] == [False, False, True]


@pytest.mark.parametrize(
    ("rule", "email", "why", "against"),
    [
        ("required", "parks@example.gov", "", []),
        ("required", "parks@mail.EXAMPLE.gov", "", []),
        ("required", "parks@notexample.gov", "", ["not-official-email"]),
        ("required", "parks@gmail.com", "The platform takes no other", ["not-official-email"]),
        ("where-possible", "parks@gmail.com", "", ["not-official-email"]),
        ("where-possible", "parks@gmail.com", "The platform takes no other", []),
        ("", "parks@gmail.com", "", []),
        ("", "", "", ["no-email"]),
    ],
)
def test_the_email_rule_is_the_packs(rule: str, email: str, why: str, against: list[str]) -> None:
    facts = rules.OpeningFacts(ChannelState.APPROVED, Decision(), email, ("example.gov",), rule, why, CLAUSES)
    assert codes(rules.decide_opening(facts)) == against


def test_an_unapproved_channel_is_not_opened() -> None:
    facts = rules.OpeningFacts(ChannelState.REQUESTED, Decision(), "a@example.gov", (), "", "", CLAUSES)
    refused = rules.decide_opening(facts)
    assert codes(refused) == ["wrong-state"]
    assert clause_of(refused, "wrong-state") == "WAU-own-02a"


CHECKED_AT = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
SEEN = Sight(True, How.ATTESTED, "About section", "Parks", "Parks", CHECKED_AT, "Casey")
ELEMENT = Element("department", ("WAU-page-02", "BP-2-02"), "the department", "Parks")
PAGE = (Standing(ELEMENT, SEEN, Place.IN_PLACE),)
LIVE = rules.LiveFacts(
    ChannelState.CHECKED, ChannelAct.GO_LIVE, Decision(), "By the connector", True, PAGE, True, CLAUSES
)


@pytest.mark.parametrize(
    ("facts", "against"),
    [
        (LIVE, []),
        (replace(LIVE, capture_plan=" "), [("no-capture-plan", "WAU-use-10c")]),
        (replace(LIVE, has_credential=False), [("no-credential", "WAU-own-02c")]),
        *(
            (replace(LIVE, page=(Standing(ELEMENT, None, place),)), [(f"page-element-{place}", "WAU-page-02")])
            for place in Place
            if place is not Place.IN_PLACE
        ),
        (replace(LIVE, page=(Standing(replace(ELEMENT, is_advice=True), None, Place.MISSING),)), []),
        (replace(LIVE, page=(), was_checked=False), [("page-not-checked", "WAU-page-00")]),
        (replace(LIVE, state=ChannelState.APPROVED), [("wrong-state", "WAU-own-02a")]),
        (replace(LIVE, state=ChannelState.OPENED), [("wrong-state", "WAU-own-02c")]),
        (replace(LIVE, state=ChannelState.DEPOSITED), [("wrong-state", "WAU-page-00")]),
        (replace(LIVE, state=ChannelState.PAUSED, act=ChannelAct.RESUME), []),
    ],
)
def test_nothing_is_said_before_it_can_be_captured_and_shows_its_notices(
    facts: rules.LiveFacts, against: list[tuple[str, str]]
) -> None:
    assert [(reason.code, reason.clause) for reason in rules.decide_going_live(facts).against] == against


def test_stopping_needs_a_reason() -> None:
    facts = rules.StopFacts(ChannelState.LIVE, ChannelAct.CLOSE, Decision(), "", {})
    assert codes(rules.decide_stop(facts)) == ["no-reason"]
    assert rules.decide_stop(replace(facts, reason="Merged into the city page")).allowed


@pytest.mark.parametrize(
    ("state", "trouble", "minutes_ago", "expected"),
    [
        (ChannelState.LIVE, "", 10, "good"),
        (ChannelState.LIVE, "", 31, "good"),
        (ChannelState.LIVE, "", 32, "late"),
        (ChannelState.LIVE, "", None, "never"),
        (ChannelState.PAUSED, "lost_token", 1, "lost_token"),
        (ChannelState.OPENED, "", None, ""),
    ],
)
def test_health_tells_how_the_line_stands(
    state: ChannelState, trouble: str, minutes_ago: int | None, expected: str
) -> None:
    last = None if minutes_ago is None else NOW - timedelta(minutes=minutes_ago)
    found = rules.health(state=state, trouble=trouble, last_connected_at=last, cadence_minutes=15, now=NOW)
    assert found == expected
