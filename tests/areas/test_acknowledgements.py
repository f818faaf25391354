"""Certifications: delivered, read, signed, returned, late, opened anew by a new version."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from rostrum.areas.duties.models import Duty
from rostrum.areas.governance import files, jobs, operations, queries
from rostrum.areas.governance.models import Certification
from rostrum.areas.governance.queries import acknowledgements
from rostrum.areas.jobs.models import Job
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.kernel.decisions import InvalidInput, Refused
from tests.channels import a_body, a_staff
from tests.governance import (
    AGENTS_FORM,
    DMA_FORM,
    MILWAUKEE_FORM,
    NOW,
    PAPER,
    STATEMENTS,
    TODAY,
    a_department,
    a_text,
    an_employee,
    certify,
    delivered,
    read,
)
from tests.people import a_person, a_unit
from tests.rights import a_request, designated, issued

pytestmark = pytest.mark.django_db


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str | None]]:
    return [(reason.code, reason.clause) for reason in refusal.value.reasons]


def duty_of(found: Certification) -> Duty:
    return Duty.objects.get(kind="governance.certify", subject=found.public_id)


@pytest.mark.proves("acknowledgement.receipt")
def test_a_receipt_holds_person_version_delivery_and_certification() -> None:
    text = a_department()
    person = an_employee()
    found = delivered(person)
    later = NOW + timedelta(days=3)
    certify(read(found, later), later, signed_on=date(2026, 12, 3))

    found.refresh_from_db()
    assert (found.person, found.text, found.text.digest) == (person, text, text.digest)
    assert (found.delivered_at, found.certified_at) == (NOW, later)
    kinds = list(Entry.objects.filter(kind__startswith="governance.policy-").values_list("kind", flat=True))
    assert kinds == [
        "governance.policy-text-entered.v1",
        "governance.policy-text-put-in-force.v1",
        "governance.policy-delivered.v1",
        "governance.policy-opened.v1",
        "governance.policy-read.v1",
        "governance.policy-certified.v1",
    ]
    signed = Entry.objects.get(kind="governance.policy-certified.v1")
    assert signed.body["digest"] == text.digest
    assert signed.body["content_digest"] == found.content_digest
    # Neither name nor wording stands in the ledger.
    assert "Erin" not in str(signed.body)
    assert "appropriate" not in str(signed.body)


@pytest.mark.proves("acknowledgement.read-first")
def test_nothing_is_certified_before_the_whole_text_was_read() -> None:
    a_department()
    found = delivered(an_employee())
    with pytest.raises(Refused) as refusal:
        certify(found)
    assert codes(refusal) == [("not-read", "DMA-CERT-02")]

    operations.open_policy(certification_id=found.public_id, actor=found.person, now=NOW)
    with pytest.raises(Refused) as refusal:
        certify(found)
    assert codes(refusal) == [("not-read", "DMA-CERT-02")]
    with pytest.raises(Refused) as refusal:
        operations.finish_reading(certification_id=found.public_id, digest="0" * 64, actor=found.person, now=NOW)
    assert codes(refusal) == [("other-text", "DMA-CERT-02")]

    assert certify(read(found)).state == "certified"


def test_the_table_itself_refuses_a_signature_without_the_reading() -> None:
    a_department()
    found = certify(read(delivered(an_employee())))
    with pytest.raises(IntegrityError), transaction.atomic():
        Certification.objects.filter(pk=found.pk).update(read_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Certification.objects.filter(pk=found.pk).update(signed_on=None)


@pytest.mark.proves("acknowledgement.statement")
def test_each_statement_is_certified_apart_and_stored_with_its_wording() -> None:
    a_department()
    found = read(delivered(an_employee()))
    for left_out in STATEMENTS:
        with pytest.raises(Refused) as refusal:
            certify(found, statements=[one for one in STATEMENTS if one != left_out])
        assert codes(refusal) == [("statement-missing", None)]

    stored = {one["id"]: one for one in certify(found).statements}
    assert tuple(stored) == STATEMENTS
    assert stored["no-privacy"]["clause"] == "DMA-CERT-03"
    assert "no right to privacy" in stored["no-privacy"]["words"]
    assert (stored["ask-supervisor"]["clause"], stored["discipline"]["clause"]) == ("DMA-CERT-04", "DMA-CERT-05")
    assert stored["responsibility"]["clause"] == "DMA-I-A-02"


@pytest.mark.proves("acknowledgement.signature")
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"typed_name": " "}, "no-name"),
        ({"typed_name": "Erin Neil"}, "other-name"),
        ({"signed_on": None}, "no-date"),
        ({"signed_on": date(2026, 11, 29)}, "other-date"),
        ({"password": ""}, "no-signature"),
        ({"password": "not the password"}, "no-signature"),
        ({"password": "", "words": "I certify"}, "no-signature"),
    ],
)
def test_a_certification_without_signature_date_or_own_name_is_refused(given: dict[str, Any], code: str) -> None:
    a_department()
    found = read(delivered(an_employee()))
    with pytest.raises(Refused) as refusal:
        certify(found, **given)
    assert codes(refusal) == [(code, "DMA-CERT-06")]
    found.refresh_from_db()
    assert (found.state, found.signed_name) == ("read", "")


@pytest.mark.parametrize("typed", ["Erin O'Neil", "erin o\u2019neil", "  ERIN   O'NEIL "])
def test_the_own_name_is_known_however_it_is_typed(typed: str) -> None:
    a_department()
    found = certify(read(delivered(an_employee())), typed_name=typed)
    assert (found.signed_name, found.signed_on, found.proof) == (" ".join(typed.split()), TODAY, "password")


def test_who_signs_in_elsewhere_types_words_instead_of_a_password() -> None:
    a_department()
    person = an_employee(password=None)
    person.set_unusable_password()
    person.save()
    found = read(delivered(person))
    with pytest.raises(Refused):
        certify(found, password="anything")
    assert certify(found, password="", words="i certify").proof == "typed-words"


def test_the_date_is_the_civil_day_where_the_body_is() -> None:
    a_department()
    # 03:00 UTC on December 1 is still the evening of November 30 in Wisconsin.
    night = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
    found = read(delivered(an_employee()), night)
    with pytest.raises(Refused) as refusal:
        certify(found, night, signed_on=date(2026, 12, 1))
    assert codes(refusal) == [("other-date", "DMA-CERT-06")]
    assert certify(found, night, signed_on=TODAY).signed_on == TODAY


def test_nobody_reads_or_certifies_for_another() -> None:
    a_department()
    found = delivered(an_employee())
    other = an_employee(name="Someone Else")
    with pytest.raises(Refused) as refusal:
        operations.open_policy(certification_id=found.public_id, actor=other, now=NOW)
    assert [code for code, _ in codes(refusal)] == ["not-own"]
    read(found)
    with pytest.raises(Refused) as refusal:
        certify(found, actor=other)
    assert "not-own" in [code for code, _ in codes(refusal)]


@pytest.mark.proves("acknowledgement.deadline")
@pytest.mark.parametrize(
    ("delivered_at", "due_at"),
    [
        # Two weeks on, to the end of the civil day (midnight in Chicago, in UTC).
        (datetime(2026, 11, 30, 16, 0, tzinfo=UTC), datetime(2026, 12, 15, 6, 0, tzinfo=UTC)),
        # Over the end of daylight saving time (November 1, 2026): still the end of the fourteenth day.
        (datetime(2026, 10, 26, 16, 0, tzinfo=UTC), datetime(2026, 11, 10, 6, 0, tzinfo=UTC)),
        # Over its begin (March 14, 2027).
        (datetime(2027, 3, 2, 16, 0, tzinfo=UTC), datetime(2027, 3, 17, 5, 0, tzinfo=UTC)),
        # The fourteenth day is Christmas Day, a legal holiday: it moves to Saturday, which is none.
        (datetime(2026, 12, 11, 16, 0, tzinfo=UTC), datetime(2026, 12, 27, 6, 0, tzinfo=UTC)),
        # A Sunday: it moves to Monday.
        (datetime(2026, 11, 29, 16, 0, tzinfo=UTC), datetime(2026, 12, 15, 6, 0, tzinfo=UTC)),
        # Over the year's end, onto New Year's Day (a Friday): it moves to Saturday, January 2.
        (datetime(2026, 12, 18, 16, 0, tzinfo=UTC), datetime(2027, 1, 3, 6, 0, tzinfo=UTC)),
        # A leap day inside: fourteen days from February 16, 2028 end on March 1.
        (datetime(2028, 2, 16, 16, 0, tzinfo=UTC), datetime(2028, 3, 2, 6, 0, tzinfo=UTC)),
        # Late in the evening of February 15 where the body is; fourteen days end on February 29.
        (datetime(2028, 2, 16, 4, 30, tzinfo=UTC), datetime(2028, 3, 1, 6, 0, tzinfo=UTC)),
    ],
)
def test_a_certification_is_due_two_weeks_after_delivery(delivered_at: datetime, due_at: datetime) -> None:
    a_department()
    found = delivered(an_employee(), now=delivered_at)

    duty = duty_of(found)
    assert (found.due_at, duty.due_at) == (due_at, due_at)
    assert (duty.owner, duty.clause, duty.clock) == (found.person, "DMA-CERT-08", "P14D")
    assert list(queries.overdue_certifications(now=due_at)) == []
    assert list(queries.overdue_certifications(now=due_at + timedelta(seconds=1))) == [found]


@pytest.mark.proves("acknowledgement.deadline")
def test_a_return_closes_the_duty_and_a_late_one_is_marked_late() -> None:
    a_department()
    in_time, late = delivered(an_employee()), delivered(an_employee(name="Late Comer"))
    certify(read(in_time))
    after = late.due_at + timedelta(seconds=1)
    certify(read(late, after), after, signed_on=date(2026, 12, 15))

    assert [duty_of(one).evidence for one in (in_time, late)] == [in_time.public_id, late.public_id]
    marks = [entry.body["was_late"] for entry in Entry.objects.filter(kind="governance.policy-certified.v1")]
    assert marks == [False, True]
    assert list(queries.overdue_certifications(now=after)) == []


def test_hr_reminds_whoever_is_late_by_mail() -> None:
    a_department()
    hr, head = a_person(Role.HR), a_person(Role.DEPARTMENT_HEAD, over=a_unit("library", "Library"))
    found = delivered(an_employee())
    late = found.due_at + timedelta(days=1)
    with pytest.raises(InvalidInput):
        # Another department's.
        operations.chase_certifications(certification_ids=[found.public_id], actor=head, now=late)
    with pytest.raises(Refused):
        operations.chase_certifications(certification_ids=[found.public_id], actor=found.person, now=late)

    assert operations.chase_certifications(certification_ids=[found.public_id], actor=hr, now=late) == 1
    args = Job.objects.filter(kind="governance.send-letter", args__letter="reminder").get().args
    letter = jobs._letter(args, late)
    assert letter is not None
    assert letter[0] == found.person.email
    assert letter[1].startswith("Overdue: ")
    assert "December 14, 2026" in letter[2]


@pytest.mark.proves("acknowledgement.return")
def test_a_certification_returns_to_the_recipient_that_the_form_names() -> None:
    a_department()
    found = certify(read(delivered(an_employee())))
    assert (found.returned, found.returned_on, found.received_by) == ("here", TODAY, None)
    assert found.returned_to[0] == "ATTN: WING-SHR"

    operations.set_choice(
        key="acknowledgement.return_email", value="wing-shr@dma.example", reason="Inbox", actor="per-1", now=NOW
    )
    letter = jobs._letter({"letter": "returned", "certification": found.public_id}, NOW)
    assert letter is not None
    assert letter[0] == "wing-shr@dma.example"
    assert letter[2].startswith("ATTN: WING-SHR\nPO Box 14587")


@pytest.mark.proves("acknowledgement.return")
def test_a_paper_return_is_recorded_by_human_resources_with_its_picture() -> None:
    a_department()
    hr, found = a_person(Role.HR), delivered(an_employee())
    later = NOW + timedelta(days=10)
    values: dict[str, Any] = {
        "certification_id": found.public_id,
        "printed_name": "Erin O'Neil",
        "signed_on": date(2026, 12, 1),
        "received_on": date(2026, 12, 4),
        "scan": PAPER,
        "actor": hr,
        "now": later,
    }
    refused = {
        "no-role": {"actor": a_person()},
        "other-name": {"printed_name": "Aaron Other"},
        "no-date": {"signed_on": None},
        "no-receipt": {"received_on": None},
        "signed-later": {"signed_on": date(2026, 12, 5)},
        "in-future": {"received_on": date(2026, 12, 24)},
        "signed-before": {"signed_on": date(2026, 11, 1)},
        "no-scan": {"scan": None},
    }
    for code, given in refused.items():
        with pytest.raises(Refused) as refusal:
            operations.record_paper_return(**(values | given))
        assert code in [one for one, _ in codes(refusal)], code
    with pytest.raises(InvalidInput):
        operations.record_paper_return(**(values | {"scan": files.GivenFile(b"GIF89a", "page.gif")}))

    operations.record_paper_return(**values)
    found.refresh_from_db()
    assert (found.returned, found.returned_on, found.received_by) == ("paper", date(2026, 12, 4), hr)
    assert files.blobs().read(found.scan) == PAPER.content
    assert duty_of(found).closed_at == later
    assert Entry.objects.filter(kind="governance.certification-returned.v1").get().body["scan"] == found.scan


def test_a_paper_counts_by_the_day_on_which_it_came_in() -> None:
    a_department()
    hr, found = a_person(Role.HR), delivered(an_employee())
    recorded = found.due_at + timedelta(days=2)
    operations.record_paper_return(
        certification_id=found.public_id,
        printed_name="Erin O'Neil",
        signed_on=TODAY,
        received_on=date(2026, 12, 14),
        scan=PAPER,
        actor=hr,
        now=recorded,
    )
    found.refresh_from_db()
    assert not acknowledgements.is_late(found, now=recorded)


def test_nobody_records_their_own_paper() -> None:
    a_department()
    hr = an_employee(name="Hana Resources")
    found = delivered(hr)
    facts = operations.acknowledgements.paper_facts(found, actor=hr, now=NOW)
    assert facts.is_recorders_own


@pytest.mark.proves("acknowledgement.before-grant")
def test_no_right_is_given_before_the_version_in_force_is_certified() -> None:
    a_department()
    person = an_employee()
    assert [(one.code, one.clause) for one in queries.may_be_granted(person, now=NOW).against] == [
        ("certification", "DMA-II-A-00b")
    ]
    found = delivered(person)
    assert not queries.may_be_granted(person, now=NOW).allowed
    certify(read(found))
    assert queries.may_be_granted(person, now=NOW).allowed

    # A new version opens it anew.
    a_text(text="Think twice before you post.", label="2027", now=NOW + timedelta(days=30))
    later = NOW + timedelta(days=30)
    assert not queries.may_be_granted(person, now=later).allowed
    again = delivered(person, now=later)
    assert again.pk != found.pk
    certify(read(again, later), later, signed_on=date(2026, 12, 30))
    assert queries.may_be_granted(person, now=later).allowed


@pytest.mark.proves("acknowledgement.before-grant")
def test_a_right_is_not_issued_to_who_has_not_certified() -> None:
    a_body()
    a_text("wausau-city")
    staff = a_staff()
    agent = an_employee(name="Con Tractor", unit=staff.unit, employment_class="contractor")
    request = a_request(staff, None, person=agent, actor=staff.head, ends_at=NOW + timedelta(days=90))
    designated(staff, request, sponsor=staff.head, contract_reference="C-17")
    with pytest.raises(Refused) as refusal:
        issued(staff, request, NOW)
    assert ("certification", "WAU-auth-01d") in codes(refusal)


def test_without_the_bodys_own_text_nobody_can_certify_and_no_right_is_given() -> None:
    a_body("dma-2.110", name="Department of Military Affairs")
    person = an_employee()
    assert [one.code for one in queries.may_be_granted(person, now=NOW).against] == ["certification-missing"]
    with pytest.raises(Refused) as refusal:
        delivered(person)
    assert [code for code, _ in codes(refusal)] == ["no-text"]


def test_a_body_may_lower_the_clause_to_advice() -> None:
    a_department()
    person = an_employee()
    operations.set_choice(
        key="strength.DMA-II-A-00b", value="inform", reason="Counsel's advice", actor="per-1", now=NOW
    )
    assert queries.may_be_granted(person, now=NOW).allowed


def a_worker(now: datetime) -> None:
    jobs.tend({}, now=now)


def test_the_worker_delivers_once_to_everybody_covered_and_again_with_a_new_version() -> None:
    a_department()
    person, contractor = an_employee(), an_employee(name="Con Tractor", employment_class="contractor")
    everybody = User.objects.count()
    a_worker(NOW)
    a_worker(NOW)
    assert Certification.objects.count() == everybody
    assert {one.person for one in Certification.objects.all()} >= {person, contractor}

    later = NOW + timedelta(days=5)
    certify(read(Certification.objects.get(person=person), NOW))
    a_text(text="Think twice.", label="2027", now=later)
    a_worker(later)
    assert Certification.objects.filter(state="ended", ended_because="new-version").count() == everybody - 1
    assert queries.owed_by(person).get().text.label == "2027"
    assert Duty.objects.filter(kind="governance.certify", closed_at=None).count() == User.objects.count()


def test_who_leaves_owes_nothing_any_more() -> None:
    a_department()
    person = an_employee()
    found = delivered(person)
    User.objects.filter(pk=person.pk).update(is_active=False, left_at=NOW)
    a_worker(NOW + timedelta(minutes=1))
    found.refresh_from_db()
    assert (found.state, found.ended_because) == ("ended", "left")
    assert duty_of(found).evidence == f"{found.public_id}: left"


def test_under_wausau_only_contractors_vendors_and_agents_certify() -> None:
    a_body()
    a_text("wausau-city")
    covered = [an_employee(name=one, employment_class=one) for one in ("contractor", "vendor", "agent")]
    employee = an_employee(employment_class="permanent")
    a_worker(NOW)
    assert {one.person for one in Certification.objects.filter(form=AGENTS_FORM)} == set(covered)
    assert [one.clause for one in queries.may_be_granted(covered[0], now=NOW).against] == ["WAU-auth-01d"]
    assert queries.may_be_granted(employee, now=NOW).allowed


def test_milwaukee_asks_where_the_city_chose_it_and_never_of_police_fire_or_contractors() -> None:
    a_body("milwaukee-personal", name="City of Milwaukee")
    a_text("milwaukee-personal")
    library, fire, police = (
        a_unit("library", "Public Library"),
        a_unit("fire", "Fire Department"),
        a_unit("police-records", "Police Department"),
    )
    clerk = an_employee(name="Clerk", unit=library)
    for name, unit, work in (
        ("Fire Fighter", fire, "permanent"),
        ("Police Intern", police, "intern"),
        ("Con Tractor", library, "contractor"),
    ):
        an_employee(name=name, unit=unit, employment_class=work)
    a_worker(NOW)
    assert not Certification.objects.exists()

    operations.set_choice(key="acknowledgement.asked", value=True, reason="The city wants it", actor="per-1", now=NOW)
    a_worker(NOW)
    asked = {one.person.name for one in Certification.objects.filter(form=MILWAUKEE_FORM)}
    assert clerk.name in asked
    assert not asked & {"Fire Fighter", "Police Intern", "Con Tractor"}


def test_a_pack_that_is_put_in_force_by_one_person_stays_out_of_force() -> None:
    a_body("dma-2.110", name="Department of Military Affairs")
    hr = a_person(Role.HR)
    made = operations.enter_policy_text(pack="dma-2.110", label="2026", text="Text.", actor=hr, now=NOW)
    with pytest.raises(Refused) as refusal:
        operations.put_text_in_force(text_id=made.public_id, actor=hr, now=NOW)
    assert [code for code, _ in codes(refusal)] == ["own-text"]
    with pytest.raises(Refused):
        operations.put_text_in_force(text_id=made.public_id, actor=a_person(Role.POSTER), now=NOW)
    with pytest.raises(InvalidInput):
        operations.enter_policy_text(pack="dma-2.110", label="2026", text="Text.", actor=hr, now=NOW)
    with pytest.raises(InvalidInput):
        operations.enter_policy_text(pack="dma-2.110", label="3", link="https://dma.example", actor=hr, now=NOW)


def test_the_signed_page_is_a_tagged_pdf_kept_by_its_digest() -> None:
    import pikepdf

    a_department()
    found = certify(read(delivered(an_employee())))
    jobs.make_certificate({"certification": found.public_id}, now=NOW)
    found.refresh_from_db()
    with files.blobs().open(found.certificate) as stream, pikepdf.open(stream) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        assert b"pdfuaid" in bytes(pdf.Root.Metadata.read_bytes())
    assert Entry.objects.get(kind="governance.certificate-kept.v1").body["sha256"] == found.certificate
    jobs.make_certificate({"certification": found.public_id}, now=NOW)
    assert Entry.objects.filter(kind="governance.certificate-kept.v1").count() == 1
    assert found.form == DMA_FORM
