"""From where posts are handed in and published: the body's own computer and network, or elsewhere with a reason."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from rostrum.areas.assurance.queries.clauses import standing_of
from rostrum.areas.channels.models import Channel
from rostrum.areas.duties.models import Duty
from rostrum.areas.governance import operations as governance
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people import operations as people
from rostrum.areas.people.devices import is_within
from rostrum.areas.people.models import Computer, User
from rostrum.areas.people.rules import Role
from rostrum.areas.publishing import operations, queries
from rostrum.areas.publishing.models import Draft, WorkPlace
from rostrum.areas.publishing.rules import DraftState
from rostrum.areas.publishing.rules.places import Place
from rostrum.areas.publishing.views.places import MARK_COOKIE
from rostrum.kernel.decisions import InvalidInput, Refused
from tests.channels import NOW, Square, Staff, a_body, a_live_channel, a_square, a_staff
from tests.people import a_person, signed_in
from tests.publishing import a_draft, a_scheduled_draft, speaks_on, under_dma

pytestmark = pytest.mark.django_db

OWN = Place(computer="cmp-x", browser="Firefox on Linux", network="192.0.2.0/24", is_on_network=True)


@pytest.fixture
def square(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Square]:
    with a_square(tmp_path / "square", monkeypatch) as made:
        yield made


@pytest.fixture
def staff() -> Staff:
    a_body("wi-hrh-480", name="A state agency")
    return a_staff()


@pytest.fixture
def channel(staff: Staff, square: Square) -> Channel:
    made = a_live_channel(staff, token=square.token)
    speaks_on(staff.spokesperson, made)
    under_dma()
    return made


def a_clean_draft(staff: Staff, channel: Channel) -> Draft:
    return a_draft(staff, channel, answers={"WI480-040-04c": "It is the same"})


def hand_in(draft: Draft, actor: User, place: Place) -> Draft:
    return operations.submit_draft(
        draft_id=draft.public_id, confirmed=queries.all_reminders(), place=place, actor=actor, now=NOW
    )


def approve(draft: Draft, staff: Staff) -> None:
    check = queries.last_check(queries.current_revision(draft))
    assert check is not None
    from rostrum.areas.publishing.checks import approver_questions

    operations.approve_draft(
        draft_id=draft.public_id,
        digest=queries.current_revision(draft).digest,
        answers={one.clause: "Looked at" for one in approver_questions()},
        actor=staff.head,
        now=NOW,
    )


def last_body(kind: str) -> dict[str, object]:
    return Entry.objects.filter(kind=kind).latest("pk").body


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


@pytest.mark.proves("publish.trusted-device")
def test_from_elsewhere_a_reason_is_asked_kept_and_shown_to_public_affairs(staff: Staff, channel: Channel) -> None:
    draft = a_clean_draft(staff, channel)
    for place in (Place(), Place(computer="cmp-x"), Place(is_on_network=True, reason=" ")):
        with pytest.raises(Refused) as refusal:
            hand_in(draft, staff.spokesperson, place)
        assert [(one.code, one.clause) for one in refusal.value.reasons] == [("elsewhere", "DMA-II-B-10b")]
    assert not WorkPlace.objects.exists()

    away = Place(browser="Chrome on Android", network="203.0.113.0/24", reason="At the flood, by telephone")
    hand_in(draft, staff.spokesperson, away)

    kept = WorkPlace.objects.get()
    assert (kept.is_trusted, kept.reason, kept.network) == (False, "At the flood, by telephone", "203.0.113.0/24")
    assert last_body("publishing.draft-submitted.v1")["worked_from"] == "elsewhere"
    (duty,) = Duty.objects.filter(kind="publishing.work-from-elsewhere")
    assert (duty.subject, duty.owner_role, duty.clause) == (draft.public_id, Role.PUBLIC_AFFAIRS, "DMA-II-B-10b")

    approve(draft, staff)
    operations.schedule_publication(
        draft_id=draft.public_id, confirmed=queries.all_reminders(), place=away, actor=staff.spokesperson, now=NOW
    )
    assert WorkPlace.objects.count() == 2
    assert Duty.objects.filter(kind="publishing.work-from-elsewhere").count() == 1
    standing = standing_of("DMA-II-B-10b")
    assert standing is not None
    assert standing.status == "live"


@pytest.mark.proves("publish.trusted-device")
def test_from_a_confirmed_computer_on_the_bodys_network_nothing_is_asked(staff: Staff, channel: Channel) -> None:
    draft = a_clean_draft(staff, channel)
    assert hand_in(draft, staff.spokesperson, OWN).state == DraftState.IN_REVIEW
    assert WorkPlace.objects.get().is_trusted
    assert last_body("publishing.draft-submitted.v1")["worked_from"] == "trusted"
    assert not Duty.objects.filter(kind="publishing.work-from-elsewhere").exists()

    approve(draft, staff)
    with pytest.raises(Refused) as refusal:
        operations.schedule_publication(
            draft_id=draft.public_id, confirmed=queries.all_reminders(), actor=staff.spokesperson, now=NOW
        )
    assert codes(refusal) == ["elsewhere"]
    operations.schedule_publication(
        draft_id=draft.public_id, confirmed=queries.all_reminders(), place=OWN, actor=staff.spokesperson, now=NOW
    )
    assert last_body("publishing.publication-scheduled.v1")["worked_from"] == "trusted"


def test_where_no_clause_asks_nothing_is_asked_or_kept() -> None:
    a_body()
    staff = a_staff()
    made = a_live_channel(staff)
    speaks_on(staff.spokesperson, made)
    a_scheduled_draft(staff, made)
    assert not WorkPlace.objects.exists()
    assert last_body("publishing.publication-scheduled.v1")["worked_from"] == ""


@pytest.mark.parametrize(
    ("address", "networks", "inside"),
    [
        ("192.0.2.7", ["192.0.2.0/24"], True),
        ("192.0.3.7", ["192.0.2.0/24"], False),
        ("::ffff:192.0.2.7", ["192.0.2.0/24"], True),
        ("2001:db8::1", ["192.0.2.0/24", " 2001:db8::/32 "], True),
        ("192.0.2.7", ["192.0.2.7"], True),
        ("192.0.2.7", [], False),
        ("192.0.2.7", ["the office", "192.0.2.0/99"], False),
        ("", ["0.0.0.0/0"], False),
    ],
)
def test_an_address_is_held_against_the_networks(address: str, networks: list[str], inside: bool) -> None:
    assert is_within(address, networks) is inside


def test_a_computer_is_confirmed_by_it_and_never_by_who_proposed_it() -> None:
    director, poster = a_person(Role.IT_DIRECTOR), a_person(Role.POSTER)
    made, mark = people.propose_computer(label=" PC  12 ", browser="Firefox on Linux", actor=poster, now=NOW)
    assert (made.label, mark in made.mark_digest) == ("PC 12", False)
    own, _ = people.propose_computer(label="PC 13", browser="Firefox", actor=director, now=NOW)
    for computer, actor, code in ((made, poster, "no-role"), (own, director, "own-computer")):
        with pytest.raises(Refused) as refusal:
            people.confirm_computer(computer_id=computer.public_id, actor=actor, now=NOW)
        assert code in codes(refusal)
    people.confirm_computer(computer_id=made.public_id, actor=director, now=NOW)
    with pytest.raises(Refused) as twice:
        people.confirm_computer(computer_id=made.public_id, actor=director, now=NOW)
    assert codes(twice) == ["confirmed"]
    with pytest.raises(Refused) as stranger:
        people.withdraw_computer(computer_id=made.public_id, reason="x", actor=a_person(), now=NOW)
    assert codes(stranger) == ["no-role"]
    with pytest.raises(Refused) as unexplained:
        people.withdraw_computer(computer_id=made.public_id, reason=" ", actor=director, now=NOW)
    assert codes(unexplained) == ["no-reason"]
    people.withdraw_computer(computer_id=made.public_id, reason="Sold", actor=poster, now=NOW)
    with pytest.raises(Refused) as gone:
        people.confirm_computer(computer_id=made.public_id, actor=director, now=NOW)
    assert "withdrawn" in codes(gone)
    for label in (" ", "x" * 101):
        with pytest.raises(InvalidInput) as problem:
            people.propose_computer(label=label, browser="", actor=poster, now=NOW)
        assert problem.value.where == "label"


def test_a_browser_is_proposed_and_confirmed_on_the_page_and_then_nothing_is_asked(
    staff: Staff, channel: Channel
) -> None:
    governance.set_choice(
        key="security.trusted_networks", value=["127.0.0.0/8"], reason="Our network", actor="system", now=NOW
    )
    author, director = signed_in(staff.spokesperson), signed_in(a_person(Role.IT_DIRECTOR))
    draft = a_clean_draft(staff, channel)
    address, place = reverse("draft", args=[draft.public_id]), reverse("work-place")
    assert 'name="elsewhere_reason"' in author.get(address).text
    assert author.post(reverse("draft-submit", args=[draft.public_id]), ticked()).status_code == 409

    author.post(place, {"label": "PC 12", "request_token": "t1"})
    made = Computer.objects.get()
    assert author.cookies[MARK_COOKIE]["httponly"]
    assert made.mark_digest not in author.cookies[MARK_COOKIE].value
    assert "which IT has not confirmed yet" in author.get(place).text
    assert 'name="elsewhere_reason"' in author.get(address).text

    assert director.post(reverse("computer-confirm", args=[made.public_id])).status_code == 302
    assert 'name="elsewhere_reason"' not in author.get(address).text
    assert author.post(reverse("draft-submit", args=[draft.public_id]), ticked()).status_code == 302
    kept = WorkPlace.objects.get()
    assert (kept.computer, kept.network, kept.is_trusted) == (made, "this computer", True)
    assert "from the body’s own" in author.get(address).text

    assert director.post(reverse("computer-withdraw", args=[made.public_id]), {"reason": "Lost"}).status_code == 302
    assert "not one that is known as the body’s" in author.get(place).text


def ticked() -> dict[str, list[str]]:
    return {"confirmed": sorted(queries.all_reminders())}


def test_a_made_up_mark_is_nobodys(staff: Staff) -> None:
    client: Client = signed_in(staff.spokesperson)
    client.cookies[MARK_COOKIE] = "x" * 5000
    assert "not one that is known as the body’s" in client.get(reverse("work-place")).text
