"""Blocked sites, assumed identities under signed exceptions, confirmed readings, questions to the supervisor."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from rostrum.areas.duties.models import Duty
from rostrum.areas.governance import jobs, operations, queries
from rostrum.areas.governance.models import BlockedSite, Persona, PersonaException, PolicyReading
from rostrum.areas.governance.operations.security import host_of
from rostrum.areas.governance.queries import security
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.kernel.decisions import InvalidInput, Refused
from tests.channels import a_body
from tests.governance import NOW, TODAY, a_department
from tests.people import PASSWORD, a_person, a_unit

pytestmark = pytest.mark.django_db


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str | None]]:
    return [(reason.code, reason.clause) for reason in refusal.value.reasons]


def a_head() -> User:
    return a_person(Role.AGENCY_HEAD, name="Gen Adjutant", password=PASSWORD)


@pytest.mark.proves("security.blocked-sites")
def test_a_blocked_site_is_kept_with_its_reason_and_who_decided() -> None:
    a_department()
    it = a_person(Role.IT_DIRECTOR)
    with pytest.raises(Refused):
        operations.block_site(site="games.example.com", reason="Not work", actor=a_person(), now=NOW)
    with pytest.raises(InvalidInput):
        operations.block_site(site="games.example.com", reason=" ", actor=it, now=NOW)
    made = operations.block_site(site="https://Games.example.com/play?x=1", reason="Not work", actor=it, now=NOW)
    assert (made.site, made.reason, made.decided_by, made.decided_at) == ("games.example.com", "Not work", it, NOW)
    with pytest.raises(Refused) as refusal:
        operations.block_site(site="GAMES.EXAMPLE.COM.", reason="Again", actor=it, now=NOW)
    assert codes(refusal) == [("blocked", "DMA-II-A-02d")]
    assert Entry.objects.get(kind="governance.site-blocked.v1").body["site"] == "games.example.com"

    operations.unblock_site(block_id=made.public_id, reason="Needed for a campaign", actor=it, now=NOW)
    assert not security.blocked_sites().exists()
    assert security.blocked_sites(ended=True).get().ended_because == "Needed for a campaign"
    with pytest.raises(Refused):
        operations.unblock_site(block_id=made.public_id, reason="Again", actor=it, now=NOW)
    assert operations.block_site(site="games.example.com", reason="Again not work", actor=it, now=NOW)
    assert BlockedSite.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("example.com", "example.com"),
        ("HTTP://user@Example.com:8080/a", "example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        (" sub.example.co.uk. ", "sub.example.co.uk"),
    ],
)
def test_a_site_is_known_however_it_is_written(typed: str, host: str) -> None:
    assert host_of(typed) == host


@pytest.mark.parametrize("typed", ["", "localhost", "http://", "a b.com", "-x.com", "x" * 300 + ".com", "1.2.3.4"])
def test_what_names_no_site_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        host_of(typed)


def asked(actor: User, **overrides: Any) -> PersonaException:
    values: dict[str, Any] = {
        "identity": "Midwest Radio Fan",
        "purpose": "Exercise with a mock network",
        "required_by": "Order 26-4 of the exercise director",
        "starts_on": TODAY,
        "ends_on": date(2026, 12, 31),
    }
    return operations.ask_persona_exception(**(values | overrides), actor=actor, now=NOW)


def sign(found: PersonaException, head: User, **overrides: Any) -> PersonaException:
    values: dict[str, Any] = {
        "reason": "A purpose of the State",
        "typed_name": head.name,
        "password": PASSWORD,
        "actor": head,
        "now": NOW,
    }
    return operations.sign_persona_exception(exception_id=found.public_id, **(values | overrides))


@pytest.mark.proves("security.persona-exception")
def test_no_second_persona_exists_without_a_signed_exception() -> None:
    a_department()
    affairs, head = a_person(Role.PUBLIC_AFFAIRS), a_head()
    values: dict[str, Any] = {"where": "A closed forum", "held_by": affairs, "actor": affairs, "now": NOW}
    with pytest.raises(Refused) as refusal:
        operations.register_persona(**values)
    assert codes(refusal) == [("no-exception", "DMA-II-B-15a")]
    found = asked(affairs)
    with pytest.raises(Refused) as refusal:
        operations.register_persona(exception_id=found.public_id, **values)
    assert codes(refusal) == [("not-signed", "DMA-II-B-15a")]

    sign(found, head)
    with pytest.raises(Refused) as refusal:
        operations.register_persona(
            exception_id=found.public_id, **(values | {"now": datetime(2027, 1, 2, 12, tzinfo=UTC)})
        )
    assert codes(refusal) == [("not-now", "DMA-II-B-15b")]
    made = operations.register_persona(exception_id=found.public_id, **values)
    assert list(security.personas()) == [made]
    with pytest.raises(Refused):
        operations.register_persona(exception_id=found.public_id, **values)
    # The identity stays with the row.
    assert "Midwest" not in str(list(Entry.objects.values_list("body_text", flat=True)))

    # Its last day passes where the body is, at midnight; the exception and the persona end.
    jobs.tend({}, now=datetime(2027, 1, 1, 5, 59, tzinfo=UTC))
    assert Persona.objects.get().ended_at is None
    jobs.tend({}, now=datetime(2027, 1, 1, 6, 1, tzinfo=UTC))
    assert Persona.objects.get().ended_at is not None
    found.refresh_from_db()
    assert found.state == "ended"


@pytest.mark.proves("security.persona-exception")
def test_an_exception_is_the_agency_heads_judgement_signed_with_reasons() -> None:
    a_department()
    affairs, head = a_person(Role.PUBLIC_AFFAIRS), a_head()
    found = asked(affairs)
    duty = Duty.objects.get(kind="governance.decide-persona")
    assert (duty.owner_role, duty.clause, duty.due_at) == (
        "agency_head",
        "DMA-II-B-15b",
        datetime(2026, 12, 6, 6, 0, tzinfo=UTC),
    )
    for code, given in {
        "no-role": {"actor": affairs},
        "no-reason": {"reason": " "},
        "other-name": {"typed_name": "Somebody Else"},
        "no-signature": {"password": "wrong"},
    }.items():
        with pytest.raises(Refused) as refusal:
            sign(found, head, **given)
        assert code in [one for one, _ in codes(refusal)]
    own = asked(head_asking := a_person(Role.PUBLIC_AFFAIRS, Role.AGENCY_HEAD, name="Both Hats", password=PASSWORD))
    with pytest.raises(Refused) as refusal:
        sign(own, head_asking)
    assert [code for code, _ in codes(refusal)] == ["own-exception"]

    sign(found, head)
    duty.refresh_from_db()
    assert duty.evidence == found.public_id
    with pytest.raises(InvalidInput):
        operations.refuse_persona_exception(exception_id=own.public_id, reason="", actor=head, now=NOW)
    operations.refuse_persona_exception(exception_id=own.public_id, reason="No purpose", actor=head, now=NOW)
    with pytest.raises(Refused):
        sign(own, head)


def test_an_exception_that_names_nothing_or_is_past_is_not_asked_for() -> None:
    a_department()
    affairs = a_person(Role.PUBLIC_AFFAIRS)
    for given in (
        {"identity": ""},
        {"purpose": " "},
        {"required_by": ""},
        {"ends_on": date(2026, 11, 29), "starts_on": date(2026, 11, 1)},
        {"ends_on": date(2026, 11, 30), "starts_on": date(2026, 12, 1)},
    ):
        with pytest.raises(InvalidInput):
            asked(affairs, **given)
    with pytest.raises(Refused):
        asked(a_person(Role.POSTER))


@pytest.mark.proves("security.policy-read")
def test_the_network_policies_stand_beside_a_right_and_their_reading_is_stored() -> None:
    a_department()
    it = a_person(Role.IT_DIRECTOR)
    person = a_person(Role.POSTER, speaks_on="chn-1")
    assert {one.listed.title for one in queries.policies_to_read(person)} >= {
        "P&P 2.105, Internet Use and Management",
        "P&P 2.100, Electronic Mail",
    }
    text = operations.enter_policy_text(
        pack="dma-2.110", related="pp-2-105", label="2025", link="https://dma.example/p105", actor=it, now=NOW
    )
    operations.confirm_policy_reading(text_id=text.public_id, actor=person, now=NOW)
    operations.confirm_policy_reading(text_id=text.public_id, actor=person, now=NOW + timedelta(days=1))
    (reading,) = PolicyReading.objects.all()
    assert (reading.person, reading.text, reading.read_at) == (person, text, NOW)
    done = next(one for one in queries.policies_to_read(person) if one.listed.related == "pp-2-105")
    assert (done.reading, done.clauses) == (reading, ("DMA-II-B-10a",))

    # A new version is to be read anew, and the old one can no longer be confirmed.
    newer = operations.enter_policy_text(
        pack="dma-2.110", related="pp-2-105", label="2026", link="https://dma.example/p105-2026", actor=it, now=NOW
    )
    again = next(one for one in queries.policies_to_read(person) if one.listed.related == "pp-2-105")
    assert (again.listed.text, again.reading) == (newer, None)
    with pytest.raises(Refused):
        operations.confirm_policy_reading(text_id=text.public_id, actor=it, now=NOW)


@pytest.mark.proves("acknowledgement.statement")
def test_a_question_goes_to_the_head_of_the_department_and_is_answered() -> None:
    a_department()
    unit = a_unit()
    head = a_person(Role.DEPARTMENT_HEAD, unit=unit, over=unit)
    person = a_person(unit=unit)
    other = a_person(Role.DEPARTMENT_HEAD, over=a_unit("library", "Library"))
    with pytest.raises(Refused):
        operations.ask_supervisor(question="May I?", actor=a_person(), now=NOW)
    with pytest.raises(InvalidInput):
        operations.ask_supervisor(question=" ", actor=person, now=NOW)
    made = operations.ask_supervisor(question="May I post a picture of the armory?", actor=person, now=NOW)
    duty = Duty.objects.get(kind="governance.answer-question")
    assert (duty.owner_role, duty.unit, duty.due_at) == (
        "department_head",
        unit.public_id,
        datetime(2026, 12, 3, 6, 0, tzinfo=UTC),
    )
    for somebody in (other, person, a_person(Role.HR)):
        with pytest.raises(Refused):
            operations.answer_supervisor(question_id=made.public_id, answer="Yes", actor=somebody, now=NOW)
    operations.answer_supervisor(question_id=made.public_id, answer="Not of the gate.", actor=head, now=NOW)
    made.refresh_from_db()
    duty.refresh_from_db()
    assert (made.answer, made.answered_by, duty.evidence) == ("Not of the gate.", head, made.public_id)
    assert "armory" not in str(list(Entry.objects.values_list("body_text", flat=True)))
    with pytest.raises(Refused):
        operations.answer_supervisor(question_id=made.public_id, answer="No", actor=head, now=NOW)


@pytest.mark.proves("governance.related-policies")
def test_every_policy_that_stays_in_force_is_listed_with_its_version_and_clauses() -> None:
    a_body("milwaukee-personal", name="City of Milwaukee")
    hr = a_person(Role.HR)
    listed = {one.kind: one for one in queries.related_policies()}
    assert listed["electronic-device"].clauses == ("MKE-VI-00d",)
    assert listed["electronic-device"].text is None
    text = operations.enter_policy_text(
        pack="milwaukee-personal",
        related="electronic-device",
        label="rev. 3",
        link="https://city.example/d",
        actor=hr,
        now=NOW,
    )
    (found,) = queries.related_policies(["electronic-device"])
    assert found.text == text
    with pytest.raises(Refused):
        operations.enter_policy_text(
            pack="milwaukee-personal",
            related="ethics-code",
            label="1",
            link="https://x.example",
            actor=a_person(),
            now=NOW,
        )
    with pytest.raises(InvalidInput):
        operations.list_related_policy(title="", kind="work-rules", actor=hr, now=NOW)
    made = operations.list_related_policy(title="Camera rules", kind="work-rules", actor=hr, now=NOW)
    with pytest.raises(InvalidInput):
        operations.list_related_policy(title="camera RULES", kind="work-rules", actor=hr, now=NOW)
    assert "Camera rules" in [one.title for one in queries.related_policies(["work-rules"])]
    named = next(one for one in queries.related_policies() if one.document and one.document.pack)
    assert named.document is not None
    with pytest.raises(Refused):
        operations.withdraw_related_policy(document_id=named.document.public_id, reason="No", actor=hr, now=NOW)
    operations.withdraw_related_policy(document_id=made.public_id, reason="Merged", actor=hr, now=NOW)
    assert "Camera rules" not in [one.title for one in queries.related_policies()]


@pytest.mark.proves("governance.related-policies")
def test_one_pack_switches_off_no_policy_that_another_lists() -> None:
    a_body("wausau-city", "milwaukee-personal")
    kinds = [one.kind for one in queries.related_policies()]
    assert {"city-policies", "public-interaction", "electronic-device", "work-rules"} <= set(kinds)
    # Both name a code of ethics and work rules: both stay.
    assert (kinds.count("ethics-code"), kinds.count("work-rules")) == (2, 2)
    assert queries.unlisted_kinds() == {}
