"""Records requests: every act with its row, its entry and its refusals."""

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from rostrum.areas.archive.queries import SearchQuery
from rostrum.areas.disclosure import controls, jobs, operations, withholding
from rostrum.areas.disclosure.models import RecordsRequest, Redaction
from rostrum.areas.disclosure.queries import records_under_review
from rostrum.areas.disclosure.rules import FeeCosts
from rostrum.areas.duties.models import Duty
from rostrum.areas.jobs.models import Job
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.rules import Role
from rostrum.areas.retention.models import Hold
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.kernel.items import Access, Kind
from tests.archive import make_item
from tests.disclosure import (
    COMPLAINT,
    NOW,
    PHONE,
    PRIVATE,
    City,
    a_city,
    a_comment,
    a_request,
    decide,
    determined,
    in_review,
    later,
    produced,
    record_of,
    release_rest,
    withhold,
)
from tests.people import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return a_city()


def last_entry() -> Entry:
    return Entry.objects.order_by("-pk")[0]


def refusals(act, **fields) -> list[str]:
    with pytest.raises(Refused) as refused:
        act(**fields)
    return [reason.code for reason in refused.value.reasons]


def name(request: RecordsRequest, city: City) -> dict:
    return {"request_id": request.public_id, "actor": city.custodian, "now": later(1)}


# -- intake


@pytest.mark.proves("request.any-form")
@pytest.mark.parametrize("via", ["form", "mail", "word"])
def test_a_request_comes_in_any_form_without_name_or_purpose(city: City, via: str) -> None:
    made = operations.receive_request(via=via, wants=" The pool \n", actor="public", now=NOW)

    request = made.request
    assert (request.number, request.state, request.wants) == (1, "received", "The pool")
    assert (request.requester_name, request.requester_email) == ("", "")
    entry = last_entry()
    assert Entry.objects.get(kind="disclosure.request-received.v1").body == {
        "request": request.public_id, "number": 1, "via": via,
    }  # fmt: skip
    assert "pool" not in entry.body_text.lower()


def test_the_follow_code_is_kept_only_as_its_digest(city: City) -> None:
    made = a_request_with_code()

    assert made.follow_code.replace("-", "") not in str(RecordsRequest.objects.values().get())
    assert operations.intake.follow_digest(made.follow_code.upper()) == made.request.follow_digest


def a_request_with_code():
    return operations.receive_request(via="form", wants="The pool", actor="public", now=NOW)


@pytest.mark.proves("request.acknowledged")
def test_a_request_opens_the_duty_to_respond_and_the_determination_closes_it(city: City) -> None:
    # Ten days of the statute's counting: Thanksgiving and two week-ends do not count.
    request = in_review(city)
    duty = Duty.objects.get(kind="request.respond", subject=request.public_id)
    assert (request.respond_by_on, duty.owner_role, duty.clock) == (
        date(2026, 12, 8),
        "records_custodian",
        "respond_target",
    )
    assert duty.closed_at is None

    release_rest(city, request)
    determined(city, request)

    duty.refresh_from_db()
    assert duty.closed_at == later(10)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"wants": "  "}, "wants"),
        ({"wants": "x" * 10_001}, "wants"),
        ({"wants": "a\0b"}, "wants"),
        ({"requester_name": "x" * 201}, "requester_name"),
        ({"requester_email": "not an address"}, "requester_email"),
        ({"requester_email": "a@example.org\nBcc: b@example.org"}, "requester_email"),
        ({"via": "pigeon"}, "via"),
    ],
)
def test_what_cannot_be_taken_in_is_named_and_nothing_is_stored(city: City, fields: dict, where: str) -> None:
    with pytest.raises(InvalidInput, match=where):
        a_request(**fields)

    assert not RecordsRequest.objects.exists()
    assert not Entry.objects.filter(kind__startswith="disclosure.").exists()


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_the_same_instant_get_numbers_of_their_own() -> None:
    a_city()
    problems: list[BaseException] = []

    def receive() -> None:
        try:
            a_request()
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    several = [threading.Thread(target=receive) for _ in range(4)]
    for one in several:
        one.start()
    for one in several:
        one.join()

    assert problems == []
    assert sorted(RecordsRequest.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_a_request_is_acknowledged_once_and_a_letter_goes_out_where_there_is_an_address(city: City) -> None:
    request = a_request(requester_email="pat@example.org")

    operations.acknowledge_request(**name(request, city))

    request.refresh_from_db()
    assert (request.state, request.acknowledged_at) == ("acknowledged", later(1))
    assert last_entry().body["respond_by_on"] == "2026-12-08"
    letter = Job.objects.get(kind="disclosure.send-letter")
    assert letter.args == {"request": request.public_id, "letter": "acknowledgement"}
    assert refusals(operations.acknowledge_request, **name(request, city)) == ["wrong-state"]


def test_the_acknowledgement_goes_out_by_mail(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    request = a_request(requester_email="pat@example.org", requester_name="Pat Doe")
    operations.acknowledge_request(**name(request, city))

    jobs.send_letter({"request": request.public_id, "letter": "acknowledgement"}, now=later(2))

    mail = capsys.readouterr().out
    assert mail.startswith("--- mail to pat@example.org: We received your records request 1\nDear Pat Doe:")
    assert "reached us on November 23, 2026" in mail
    assert "December 8, 2026" in mail


def test_without_an_address_no_mail_is_queued(city: City) -> None:
    operations.acknowledge_request(**name(a_request(), city))

    assert not Job.objects.filter(kind="disclosure.send-letter").exists()


def test_the_requester_is_asked_and_heard(city: City) -> None:
    request = a_request()
    operations.acknowledge_request(**name(request, city))

    operations.ask_requester(**name(request, city), question="Which pool?")
    request.refresh_from_db()
    assert (request.state, request.question) == ("clarifying", "Which pool?")
    assert "Which pool" not in last_entry().body_text

    operations.hear_requester(request_id=request.public_id, answer="Main Street", actor="public", now=later(2))
    request.refresh_from_db()
    assert (request.state, request.question) == ("acknowledged", "")
    assert request.wants == "Everything about the pool\n\nMain Street"
    assert refusals(
        operations.hear_requester, request_id=request.public_id, answer="More", actor="public", now=later(3)
    ) == ["wrong-state"]


@pytest.mark.parametrize("words", ["", "   ", "x" * 4001, "a\0"])
def test_an_empty_or_endless_question_is_named(city: City, words: str) -> None:
    request = a_request()
    operations.acknowledge_request(**name(request, city))

    with pytest.raises(InvalidInput, match="question"):
        operations.ask_requester(**name(request, city), question=words)


def test_who_may_not_process_requests_is_refused_every_act(city: City) -> None:
    request, poster = a_request(), a_person(Role.POSTER)

    assert refusals(operations.acknowledge_request, request_id=request.public_id, actor=poster, now=NOW) == ["no-role"]
    request = in_review(city)
    record = record_of(request, "c1")
    for act, fields in [
        (operations.run_search, {"request_id": request.public_id, "query": SearchQuery()}),
        (operations.start_review, {"request_id": request.public_id}),
        (operations.decide_record, {"record_id": record.public_id, "choice": "release"}),
        (
            operations.propose_redactions,
            {"record_id": record.public_id, "cuts": [("author", 0, 0)], "exemption": PRIVATE, "reason": "x"},
        ),
        (operations.issue_determination, {"request_id": request.public_id}),
        (operations.ask_production, {"request_id": request.public_id}),
        (operations.close_request, {"request_id": request.public_id}),
        (operations.record_prepayment, {"request_id": request.public_id}),
        (
            operations.estimate_fee,
            {"request_id": request.public_id, "costs": FeeCosts(), "ask_prepayment": False},
        ),
    ]:
        assert refusals(act, **fields, actor=poster, now=NOW) == ["no-role"]


# -- search


@pytest.mark.proves("request.exhaustive-search")
def test_the_search_is_kept_and_every_version_of_what_it_finds_is_a_record(city: City) -> None:
    city.store(make_item("p1", "The pool on Main Street opens again.", version_key="2"))
    city.store(make_item("m1", "Private word about the pool", kind=Kind.MESSAGE, access=Access.RESTRICTED))
    request = a_request()
    operations.acknowledge_request(**name(request, city))

    search = operations.run_search(**name(request, city), query=SearchQuery(text="pool"))

    assert (search.found, search.added) == (4, 5)
    assert SearchQuery.from_json(search.query) == SearchQuery(text="pool", include_restricted=True)
    assert sorted(request.records.values_list("item__native_id", "version__number")) == [
        ("c1", 1), ("c2", 1), ("m1", 1), ("p1", 1), ("p1", 2),
    ]  # fmt: skip
    entry = last_entry()
    assert entry.kind == "disclosure.search-run.v1"
    assert (entry.body["found"], entry.body["added"]) == (4, 5)
    assert "pool" not in entry.body_text


def test_a_second_search_adds_only_what_is_new(city: City) -> None:
    request = in_review(city, SearchQuery(text="repairs"))
    assert request.records.count() == 1

    search = operations.run_search(**name(request, city), query=SearchQuery(text="pool"))

    assert (search.found, search.added) == (3, 2)
    request.refresh_from_db()
    assert (request.state, request.records.count()) == ("reviewing", 3)


def test_a_search_before_the_acknowledgement_or_that_cannot_be_read_leaves_nothing(city: City) -> None:
    request = a_request()
    assert refusals(operations.run_search, **name(request, city), query=SearchQuery()) == ["not-acknowledged"]

    operations.acknowledge_request(**name(request, city))
    with pytest.raises(InvalidInput, match="character"):
        operations.run_search(**name(request, city), query=SearchQuery(text='"open'))

    assert not request.searches.exists()
    assert not Hold.objects.exists()


def test_no_review_without_a_search(city: City) -> None:
    request = a_request()
    operations.acknowledge_request(**name(request, city))

    assert refusals(operations.start_review, **name(request, city)) == ["no-search"]


# -- fees


@pytest.mark.proves("request.fee-limits")
@pytest.mark.parametrize(
    ("costs", "prepay", "fee", "state"),
    [
        (FeeCosts(location_cents=4999), False, 0, "fee_estimated"),
        (FeeCosts(location_cents=5000, copying_cents=125), True, 5125, "awaiting_prepayment"),
        (FeeCosts(copying_cents=501), True, 501, "awaiting_prepayment"),
    ],
)
def test_a_fee_follows_the_law(city: City, costs: FeeCosts, prepay: bool, fee: int, state: str) -> None:
    request = searched(city)

    operations.estimate_fee(**name(request, city), costs=costs, ask_prepayment=prepay)

    request.refresh_from_db()
    assert (request.fee_cents, request.state) == (fee, state)
    assert last_entry().body == {"request": request.public_id, "fee_cents": fee, "prepayment": prepay}


def searched(city: City) -> RecordsRequest:
    request = a_request()
    operations.acknowledge_request(**name(request, city))
    operations.run_search(**name(request, city), query=SearchQuery(text="pool"))
    return request


@pytest.mark.proves("request.fee-limits")
def test_prepayment_may_be_asked_only_above_five_dollars(city: City) -> None:
    request = searched(city)

    with pytest.raises(InvalidInput, match="prepayment"):
        operations.estimate_fee(**name(request, city), costs=FeeCosts(copying_cents=500), ask_prepayment=True)

    request.refresh_from_db()
    assert (request.state, request.fee_cents) == ("searching", None)


def test_the_review_waits_for_the_prepayment(city: City) -> None:
    request = searched(city)
    operations.estimate_fee(**name(request, city), costs=FeeCosts(copying_cents=900), ask_prepayment=True)
    assert refusals(operations.start_review, **name(request, city)) == ["fee-open"]

    operations.record_prepayment(**name(request, city))
    operations.start_review(**name(request, city))

    request.refresh_from_db()
    assert request.state == "reviewing"
    with pytest.raises(InvalidInput, match="prepayment"):
        operations.record_prepayment(**name(request, city))


# -- review


@pytest.mark.proves("request.exemption-reason", "request.exemption")
@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"exemptions": [], "reason": "Not theirs to see"}, ["no-exemption"]),
        ({"exemptions": ["trade-secret"], "reason": " "}, ["no-reason"]),
        ({"exemptions": ["made-up"], "reason": "Because"}, ["unknown-exemption"]),
    ],
)
def test_nothing_is_withheld_without_a_cited_exemption_and_a_reason(city: City, fields: dict, codes: list[str]) -> None:
    record = record_of(in_review(city), "c1")
    act = {"record_id": record.public_id, "choice": "withhold", "actor": city.custodian, "now": later(4)}

    assert refusals(operations.decide_record, **act, **fields) == codes

    operations.decide_record(**act, exemptions=["trade-secret", "security"], reason="The formula of the pool's cleaner")
    record.refresh_from_db()
    assert (record.choice, record.exemptions) == ("withhold", ["trade-secret", "security"])
    body = last_entry().body
    assert (body["choice"], body["commitment"]) == ("withhold", bytes(record.version.commitment).hex())
    assert "formula" not in last_entry().body_text


def test_what_is_not_a_choice_is_named(city: City) -> None:
    record = record_of(in_review(city), "c1")

    for choice in ("undecided", "burn"):
        with pytest.raises(InvalidInput, match="choice"):
            decide(city, record, choice)


@pytest.mark.proves("redaction.second-look")
def test_a_redaction_is_widened_to_words_and_seconded_by_another_person(city: City) -> None:
    request = in_review(city)
    record = record_of(request, "c1")
    digits = COMPLAINT.index("555")

    (made,) = operations.propose_redactions(
        record_id=record.public_id, cuts=[("text", digits - 3, digits + 2)], exemption=PRIVATE,
        reason="A resident's number", actor=city.custodian, now=later(4),
    )  # fmt: skip

    assert COMPLAINT[made.start : made.end] == PHONE
    second = {"redaction_id": made.public_id, "now": later(5)}
    assert refusals(operations.second_redaction, **second, actor=city.custodian) == ["own-redaction"]
    operations.second_redaction(**second, actor=city.second)
    assert last_entry().body["proposed_by"] == city.custodian.public_id
    assert refusals(operations.second_redaction, **second, actor=city.second) == ["seconded"]


def test_the_database_itself_refuses_who_seconds_their_own(city: City) -> None:
    record = record_of(in_review(city), "c1")
    withhold(city, record, PHONE, seconded=False)

    with pytest.raises(IntegrityError), transaction.atomic():
        Redaction.objects.update(seconded_by=city.custodian, seconded_at=NOW)


@pytest.mark.parametrize(
    ("cut", "where"),
    [
        (("text", 5, 5), "range"),
        (("text", 0, 10_000), "range"),
        (("text", -1, 3), "range"),
        (("media", 0, 0), "position"),
        (("heading", 0, 3), "place"),
    ],
)
def test_a_part_that_is_not_there_cannot_be_withheld(city: City, cut: tuple, where: str) -> None:
    record = record_of(in_review(city), "c1")

    with pytest.raises(InvalidInput, match=where):
        operations.propose_redactions(
            record_id=record.public_id, cuts=[cut], exemption=PRIVATE, reason="Why", actor=city.custodian, now=NOW
        )

    assert not Redaction.objects.exists()


def test_a_redaction_takes_the_decision_back_and_so_does_dropping_it(city: City) -> None:
    record = record_of(in_review(city), "c1")
    decide(city, record, "release")

    withhold(city, record, PHONE)
    assert refusals(
        operations.decide_record, record_id=record.public_id, choice="release", actor=city.custodian, now=later(7)
    ) == ["has-redactions"]

    redaction = Redaction.objects.get()
    operations.drop_redaction(redaction_id=redaction.public_id, actor=city.second, now=later(8))
    record.refresh_from_db()
    assert (record.choice, record.decided_by) == ("undecided", None)
    assert refusals(
        operations.decide_record, record_id=record.public_id, choice="redact", actor=city.custodian, now=later(9)
    ) == ["no-redaction"]


def test_a_part_is_withheld_once(city: City) -> None:
    record = record_of(in_review(city), "c1")
    withhold(city, record, PHONE)

    with pytest.raises(Refused, match="already covers"):
        withhold(city, record, "555-0134")


def test_the_reason_may_not_repeat_what_is_withheld(city: City) -> None:
    record = record_of(in_review(city), "c1")

    with pytest.raises(Refused, match="repeats"):
        withhold(city, record, PHONE, reason="The number 715 5550134 is private")
    with pytest.raises(Refused, match="repeats"):
        decide(city, record, "withhold", exemptions=[PRIVATE], reason="It has 715-555-0134 in it")


# -- determination


@pytest.mark.proves("redaction.second-look", "request.exemption-reason")
def test_nothing_is_determined_until_all_is_decided_and_every_redaction_seen_by_two(city: City) -> None:
    request = in_review(city)
    withhold(city, record_of(request, "c1"), PHONE, seconded=False)
    act = {"request_id": request.public_id, "actor": city.custodian, "now": later(10)}
    assert refusals(operations.issue_determination, **act) == ["undecided", "unseconded"]

    release_rest(city, request)
    assert refusals(operations.issue_determination, **act) == ["unseconded"]

    operations.second_redaction(redaction_id=Redaction.objects.get().public_id, actor=city.second, now=later(7))
    made = operations.issue_determination(**act)
    assert made.outcome == "partial"
    # Sixty days of the statute's counting, and one more before anything might go.
    assert made.hold_until_on == date(2027, 2, 23)
    body = Entry.objects.get(kind="disclosure.request-determined.v1").body
    assert (body["released"], body["redacted"], body["withheld"]) == (2, 1, 0)


@pytest.mark.proves("redaction.release-copy")
def test_nothing_is_determined_while_another_released_record_shows_what_is_withheld(city: City) -> None:
    city.store(a_comment("c3", "My pool question: write to 715.555.0134"))
    request = in_review(city)
    withhold(city, record_of(request, "c1"), PHONE)
    release_rest(city, request)
    act = {"request_id": request.public_id, "actor": city.custodian, "now": later(10)}

    with pytest.raises(Refused) as refused:
        operations.issue_determination(**act)
    (reason,) = refused.value.reasons
    assert reason.code == "still-shown"
    assert reason.message.startswith(f"Record {record_of(request, 'c3').public_id} still shows")
    assert "555" not in reason.message.removeprefix(f"Record {record_of(request, 'c3').public_id}")

    withhold(city, record_of(request, "c3"), "715.555.0134")
    assert operations.issue_determination(**act).outcome == "partial"


def test_a_word_withheld_once_must_not_stand_elsewhere_in_its_record(city: City) -> None:
    city.store(a_comment("c3", "Ask Mrs. Novak about the pool. Novak knows."))
    request = in_review(city)
    record = record_of(request, "c3")
    withhold(city, record, "Mrs. Novak")
    release_rest(city, request)

    shown = withholding.still_shown(withholding.chosen_from(records_under_review(request)))
    assert shown == []  # "Mrs. Novak" was withheld as one; "Novak" alone is other words

    operations.drop_redaction(redaction_id=Redaction.objects.get().public_id, actor=city.custodian, now=later(6))
    withhold(city, record, "Novak")
    shown = withholding.still_shown(withholding.chosen_from(records_under_review(request)))
    assert [(one.shown_in, one.withheld_from) for one in shown] == [(record.public_id, record.public_id)]


def test_a_denial_names_each_reason_and_ends_with_the_notice_of_review(city: City) -> None:
    request = in_review(city, requester_name="Pat Doe")
    for record in request.records.all():
        decide(city, record, "withhold", exemptions=["security"], reason="Shows how the pool is guarded")

    letter = determined(city, request).determination.letter

    assert letter.startswith("Determination on records request 1\n\nDear Pat Doe:")
    assert "Your request is denied. We found 3 records" in letter
    for record in request.records.all():
        assert f"{record.public_id}: withheld whole under s. 19.36(9), Wis. Stats." in letter
    assert "mandamus under s. 19.37(1)" in letter
    assert "{{" not in letter


def test_the_letter_masks_a_withheld_number_that_the_requester_or_the_search_named(city: City) -> None:
    request = in_review(city, SearchQuery(text='"715" OR pool'), wants="All that has 715-555-0134 or the pool in it")
    operations.run_search(**name(request, city), query=SearchQuery(text='"(715) 555-0134"'))
    withhold(city, record_of(request, "c1"), PHONE)
    release_rest(city, request)

    letter = determined(city, request).determination.letter

    assert "0134" not in letter
    assert "You asked: All that has [withheld] or the pool in it" in letter


def test_the_letter_names_channels_by_their_names_and_counts_an_edited_item_once(city: City) -> None:
    city.channel.name = "Wausau Parks and Recreation"
    city.channel.save(update_fields=["name"])
    city.store(make_item("p1", "The pool on Main Street closes for repairs on Tuesday."))
    request = in_review(city, SearchQuery(text="pool", channels=(city.channel.slug,)))
    release_rest(city, request)

    letter = determined(city, request).determination.letter

    assert "on Wausau Parks and Recreation" in letter
    assert city.channel.slug not in letter
    assert "We found 4 records (3 items in 4 versions) that answer it" in letter
    assert "3 items found by" in letter


def test_no_records_is_an_answer_too_and_reaches_closed(city: City) -> None:
    request = in_review(city, SearchQuery(text="unicorn"))

    request = determined(city, request)

    assert request.determination.outcome == "no_records"
    assert request.determination.hold_until_on is None
    assert refusals(operations.ask_production, request_id=request.public_id, actor=city.custodian, now=later(11)) == [
        "nothing-released"
    ]
    closed = operations.close_request(request_id=request.public_id, actor=city.custodian, now=later(12))
    assert (closed.state, closed.closed_at) == ("closed", later(12))


def test_a_denied_request_closes_without_a_production(city: City) -> None:
    request = in_review(city)
    for record in request.records.all():
        decide(city, record, "withhold", exemptions=["security"], reason="Shows how the pool is guarded")

    operations.close_request(request_id=determined(city, request).public_id, actor=city.custodian, now=later(12))

    assert RecordsRequest.objects.get().state == "closed"


def test_released_records_are_produced_before_the_request_closes(city: City) -> None:
    request = in_review(city)
    release_rest(city, request)
    determined(city, request)
    act = {"request_id": request.public_id, "actor": city.custodian, "now": later(12)}
    assert refusals(operations.close_request, **act) == ["not-produced"]

    assert produced(city, request).state == "ready"
    operations.close_request(**act)

    assert last_entry().kind in ("disclosure.request-closed.v1", "retention.matter-settled.v1")


def test_one_production_is_made_at_a_time(city: City) -> None:
    request = in_review(city)
    release_rest(city, request)
    determined(city, request)
    act = {"request_id": request.public_id, "actor": city.custodian, "now": later(12)}

    operations.ask_production(**act)

    assert refusals(operations.ask_production, **act) == ["building"]
    assert Job.objects.filter(kind="disclosure.make-production").count() == 1


def test_a_request_can_be_taken_back_until_it_is_determined(city: City) -> None:
    request = in_review(city)

    operations.withdraw_request(request_id=request.public_id, actor="public", now=later(9))

    request.refresh_from_db()
    assert request.state == "withdrawn"
    assert Duty.objects.get(subject=request.public_id).closed_at == later(9)
    assert refusals(operations.withdraw_request, request_id=request.public_id, actor="public", now=later(10)) == [
        "wrong-state"
    ]


def test_decisions_end_with_the_review(city: City) -> None:
    request = in_review(city)
    release_rest(city, request)
    determined(city, request)
    record = record_of(request, "c1")

    assert refusals(
        operations.decide_record, record_id=record.public_id, choice="release", actor=city.custodian, now=later(11)
    ) == ["not-in-review"]
    with pytest.raises(Refused, match="in review"):
        withhold(city, record, PHONE)


def test_no_entry_of_the_area_tells_a_text_a_name_or_an_address(city: City) -> None:
    request = in_review(city, requester_name="Quentin Asker", requester_email="quentin@example.org")
    withhold(city, record_of(request, "c1"), PHONE)
    release_rest(city, request)
    produced(city, determined(city, request))

    everything = "\n".join(Entry.objects.filter(kind__startswith="disclosure.").values_list("body_text", flat=True))
    for word in ("Quentin", "quentin@", "0134", "pool", "telephone"):
        assert word not in everything


def test_a_production_that_cannot_be_made_says_so_and_can_be_asked_for_again(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = in_review(city)
    withhold(city, record_of(request, "c1"), PHONE)
    release_rest(city, request)
    determined(city, request)
    # As if a rule had been got around: what was withheld is shown after all.
    with monkeypatch.context() as patch:
        patch.setattr(withholding.Chosen, "withheld", lambda self, parts: set())
        failed = produced(city, request)

    record = record_of(request, "c1")
    assert failed.state == "failed"
    assert failed.fault.endswith(f"still shows a part that was withheld from record {record.public_id}")
    assert "0134" not in failed.fault
    assert (failed.digest, request.state) == ("", "determined")
    assert last_entry().kind == "disclosure.production-failed.v1"

    assert produced(city, request).number == 2
    assert request.state == "produced"


@pytest.mark.parametrize("answered", [False, True])
def test_every_control_of_the_area_answers_with_its_evidence(city: City, answered: bool) -> None:
    if answered:
        request = in_review(city)
        withhold(city, record_of(request, "c1"), PHONE)
        release_rest(city, request)
        produced(city, determined(city, request))

    for control in controls.CONTROLS:
        evidence = control.evidence()
        assert evidence.summary.endswith(".")
        assert evidence.link == "/desk/requests/"
        acted = answered and control.id != "request.fee-limits"
        assert ((evidence.count > 0), evidence.since is not None) == (acted, acted), control.id
