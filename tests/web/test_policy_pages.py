"""The pages of certifications, trainings and policy texts, as their visitors use them."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from rostrum.areas.governance import jobs
from rostrum.areas.governance import operations as governance
from rostrum.areas.governance.models import (
    BlockedSite,
    Bulletin,
    Directive,
    PersonaException,
    PolicyDocument,
    PolicyText,
    SupervisorQuestion,
    TrainingCompletion,
)
from rostrum.areas.governance.queries.acknowledgements import legal_day
from rostrum.areas.people.rules import Role
from tests.channels import a_body, a_staff
from tests.governance import PAPER, STATEMENTS, a_department, a_text, an_employee, certify, delivered, read
from tests.people import PASSWORD, a_person, a_unit, signed_in
from tests.rights import a_request

pytestmark = pytest.mark.django_db


def signature(**changes: object) -> dict[str, object]:
    return {
        "statements": list(STATEMENTS),
        "typed_name": "Erin O'Neil",
        "signed_on": legal_day(timezone.now()).isoformat(),
        "password": PASSWORD,
    } | changes


def test_an_employee_reads_certifies_and_takes_the_signed_page_along() -> None:
    now = timezone.now()
    a_department(now=now)
    person = an_employee()
    found = delivered(person, now=now)
    client = signed_in(person)
    address = reverse("certification", args=[found.public_id])

    assert "To read and certify" in client.get(reverse("mine")).text
    page = client.get(address)
    assert "Open the whole text" in page.text
    assert "Think before you post." not in page.text
    page = client.post(reverse("certification-open", args=[found.public_id]), follow=True)
    assert "Think before you post." in page.text
    assert "Certify each statement" in page.text
    assert 'name="typed_name"' not in page.text

    digest = found.text.digest
    page = client.post(reverse("certification-read", args=[found.public_id]), {"digest": digest}, follow=True)
    assert "no right to privacy" in page.text
    page = client.post(address, signature(typed_name="Somebody Else", statements=list(STATEMENTS[1:])))
    assert page.status_code == 409
    assert "The name typed is not yours" in page.text
    assert "DMA-CERT-06" in page.text
    assert PASSWORD not in page.text
    page = client.post(address, signature(), follow=True)
    assert "Certified and returned" in page.text
    assert "ATTN: WING-SHR" in page.text

    assert client.get(reverse("certification-pdf", args=[found.public_id])).status_code == 404
    jobs.make_certificate({"certification": found.public_id}, now=now)
    pdf = client.get(reverse("certification-pdf", args=[found.public_id]))
    assert pdf.content.startswith(b"%PDF-")
    assert "attachment" in pdf["Content-Disposition"]
    # Others see none of it.
    assert signed_in(a_person()).get(address).status_code == 404


def test_whoever_holds_a_session_cannot_guess_the_password_with_it() -> None:
    now = timezone.now()
    a_department(now=now)
    found = read(delivered(an_employee(), now=now), now)
    client, address = signed_in(found.person), reverse("certification", args=[found.public_id])
    for _ in range(5):
        assert "does not show that it is you" in client.post(address, signature(password="guess")).text
    page = client.post(address, signature())
    assert "There were too many tries" in page.text
    found.refresh_from_db()
    assert found.state == "read"


def test_human_resources_sees_who_is_late_reminds_them_and_records_a_paper() -> None:
    now = timezone.now()
    before = now - timedelta(days=20)
    a_department(now=before)
    late = delivered(an_employee(unit=a_unit()), now=before)
    done = certify(
        read(delivered(an_employee(name="Done Already"), now=before), before), before, signed_on=legal_day(before)
    )
    client = signed_in(a_person(Role.HR))

    page = client.get(reverse("certifications"), {"state": "overdue"})
    assert late.person.name.replace("'", "&#x27;") in page.text
    assert "Done Already" not in page.text
    page = client.post(reverse("certifications-remind"), {"certification": [late.public_id]}, follow=True)
    assert "1 person is reminded by mail." in page.text
    table = list(csv.DictReader(io.StringIO(client.get(reverse("certifications-table")).text)))
    assert {row["name"]: row["state"] for row in table} == {"Erin O'Neil": "Overdue", "Done Already": "Certified"}

    address = reverse("certification-record-paper", args=[late.public_id])
    assert 'value="Erin O&#x27;Neil"' in client.get(address).text
    fields = {
        "printed_name": "Erin O'Neil",
        "signed_on": legal_day(before).isoformat(),
        "received_on": legal_day(before - timedelta(days=30)).isoformat(),
    }
    page = client.post(address, fields | {"scan": SimpleUploadedFile("a.pdf", PAPER.content)})
    assert page.status_code == 409
    assert "It cannot have come in before it was signed." in page.text
    fields["received_on"] = legal_day(before).isoformat()
    page = client.post(address, fields | {"scan": SimpleUploadedFile("a.txt", b"no picture")})
    assert "not a PDF, a PNG or a JPEG" in page.text
    client.post(address, fields | {"scan": SimpleUploadedFile("a.pdf", PAPER.content)})
    late.refresh_from_db()
    assert (late.state, late.returned) == ("certified", "paper")
    scan = client.get(reverse("certification-scan", args=[late.public_id]))
    assert scan.content == PAPER.content
    assert done.state == "certified"


def test_a_department_head_follows_the_own_department_only() -> None:
    now = timezone.now()
    a_department(now=now)
    parks = a_unit()
    own = delivered(an_employee(name="In Parks", unit=parks), now=now)
    other = delivered(an_employee(name="In Library", unit=a_unit("library", "Library")), now=now)
    client = signed_in(a_person(Role.DEPARTMENT_HEAD, unit=parks, over=parks))
    page = client.get(reverse("certifications")).text
    assert ("In Parks" in page, "In Library" in page) == (True, False)
    assert client.get(reverse("certification", args=[other.public_id])).status_code == 404
    page = client.get(reverse("certification", args=[own.public_id])).text
    # Papers go back to human resources.
    assert "Record a paper" not in page


def test_nothing_to_certify_says_so_and_a_missing_text_is_named() -> None:
    a_body("dma-2.110", name="Department of Military Affairs")
    client = signed_in(a_person(Role.HR))
    assert "Nobody can certify yet" in client.get(reverse("certifications")).text
    assert "Text missing" in client.get(reverse("policy-documents")).text
    assert "Nothing waits for you to certify." in client.get(reverse("mine")).text


def test_a_body_whose_policy_asks_for_no_signature_says_so() -> None:
    a_body("milwaukee-personal", name="City of Milwaukee")
    assert "asks nobody to sign" in signed_in(a_person(Role.HR)).get(reverse("certifications")).text


def test_a_policy_text_is_entered_by_one_person_and_put_in_force_by_another() -> None:
    a_body("dma-2.110", name="Department of Military Affairs")
    hr, head = signed_in(a_person(Role.HR)), signed_in(a_person(Role.AGENCY_HEAD))
    address = f"{reverse('policy-enter-text')}?pack=dma-2.110"
    page = hr.post(address, {"label": "2026", "text": ""})
    assert page.status_code == 422
    page = hr.post(address, {"label": "2026", "text": "First.\n\nSecond."}, follow=True)
    assert "waits for a second person" in page.text
    assert "Who entered the text does not put it in force" in page.text
    made = PolicyText.objects.get()
    assert signed_in(a_person()).get(reverse("policy-text", args=[made.public_id])).status_code == 404
    assert "Waiting for a second person" in head.get(reverse("policy-documents")).text
    head.post(reverse("policy-put-in-force", args=[made.public_id]))
    page = signed_in(a_person()).get(reverse("policy-text", args=[made.public_id]))
    assert "Second." in page.text
    hr.post(address, {"label": "2027", "text": "First.\n\nThird."})
    newer = PolicyText.objects.get(number=2)
    page = hr.get(reverse("policy-text", args=[newer.public_id])).text
    assert "What changed" in page
    assert "<ins>" in page


def test_related_policies_are_listed_with_their_versions_and_confirmed() -> None:
    a_body("milwaukee-personal", name="City of Milwaukee")
    hr, employee = signed_in(a_person(Role.HR)), signed_in(a_person())
    address = f"{reverse('policy-enter-text')}?pack=milwaukee-personal&related=electronic-device"
    hr.post(address, {"label": "rev. 3", "link": "https://city.example.gov/devices"})
    listed = hr.get(reverse("policy-documents")).text
    assert "named by milwaukee-personal" not in listed
    assert "named by City of Milwaukee" in listed
    page = employee.get(reverse("mine")).text
    assert "Electronic Device Policy, rev. 3" in page
    assert "MKE-VI-00d" in page
    made = PolicyText.objects.get()
    page = employee.post(reverse("policy-confirm-reading", args=[made.public_id]), follow=True)
    assert "Confirmed" in page.text

    hr.post(reverse("policy-list"), {"title": "Camera rules", "kind": "work-rules"})
    assert "Camera rules" in employee.get(reverse("mine")).text
    document = PolicyDocument.objects.get(title="Camera rules")
    hr.post(reverse("policy-withdraw", args=[document.public_id]), {"reason": "Merged"})
    assert "Camera rules" not in employee.get(reverse("mine")).text
    assert "Choose here" in hr.get(reverse("policy-enter-text"), follow=True).text


def test_a_training_is_gone_through_topic_by_topic() -> None:
    a_body("wi-best-practices", "wausau-city")
    person = a_person()
    client, address = signed_in(person), reverse("training", args=["information-sharing"])
    assert "What not to share" in client.get(address).text
    page = client.post(address, {"confirmed": ["what"]})
    assert page.status_code == 409
    assert "Every topic has to be gone through" in page.text
    page = client.post(address, {"confirmed": ["what", "with-whom", "what-not"]}, follow=True)
    assert "is completed" in page.text
    assert TrainingCompletion.objects.get().person == person
    assert client.get(reverse("training", args=["no-such"])).status_code == 404


def test_who_keeps_the_trainings_words_them_records_them_and_sends_bulletins() -> None:
    a_body("wi-best-practices", "wausau-city")
    holder = a_person(name="Holder Of Right", speaks_on="chn-1")
    jobs.tend({}, now=timezone.now())
    client = signed_in(a_person(Role.HR))
    assert "Holder Of Right" in client.get(reverse("trainings")).text

    fields = {"title": "Camera", "key": "camera", "topics": "Ask\nAsk before you take a picture.", "due_days": 10}
    client.post(reverse("training-new"), fields | {"assigned": ["intern"]})
    assert "Camera" in client.get(reverse("trainings")).text
    page = client.post(reverse("training-word", args=["threats"]), {"title": "T", "topics": "One\nText", "due_days": 9})
    assert page.status_code == 422
    assert "leave none out" in page.text
    assert "Works as intern" in client.get(reverse("training-word", args=["camera"])).text
    client.post(reverse("training-retire", args=["camera"]), {"reason": "Not needed"})
    assert "Camera" not in client.get(reverse("trainings")).text

    recorded = {
        "person": holder.public_id,
        "completed_on": date(2026, 1, 5).isoformat(),
        "confirmed": ["current", "own-risk", "report"],
        "evidence": "List of those present",
        "file": SimpleUploadedFile("list.pdf", PAPER.content),
    }
    client.post(reverse("training-record", args=["threats"]), recorded)
    done = TrainingCompletion.objects.get()
    assert client.get(reverse("training-file", args=[done.public_id])).content == PAPER.content

    page = client.post(reverse("bulletin-new"), {"title": "Fake pages", "text": "Look."}, follow=True)
    assert "Sent to 1 person." in page.text
    own = signed_in(holder)
    page = own.get(reverse("today")).text
    assert "Bulletin: Fake pages" in page
    own.post(reverse("bulletin", args=[Bulletin.objects.get().public_id]))
    assert "Bulletin: Fake pages" not in own.get(reverse("today")).text


def test_a_bodys_own_file_is_read_as_a_download() -> None:
    a_body("dma-2.110", name="Department of Military Affairs")
    made = a_text(text="", file=PAPER)
    person = signed_in(a_person())
    answer = person.get(reverse("policy-file", args=[made.public_id]))
    assert answer.content == PAPER.content


@pytest.mark.proves("governance.related-policies")
def test_related_policies_stand_beside_a_right_and_where_people_are_answered() -> None:
    a_body()
    staff = a_staff()
    request = a_request(staff, None)
    page = signed_in(staff.head).get(reverse("right-request", args=[request.public_id])).text
    assert "City Code of Ethics" in page
    assert "WAU-related-02" in page
    writing = signed_in(staff.head).get(reverse("draft-new")).text
    assert "Principles and policies for interacting with the public" in writing
    assert "WAU-use-02a" in writing


def test_the_director_issues_a_directive_and_records_whom_it_reached() -> None:
    a_body()
    parks = a_unit()
    head = a_person(Role.DEPARTMENT_HEAD, unit=parks, over=parks)
    director, other = signed_in(a_person(Role.IT_DIRECTOR)), signed_in(a_person(Role.POSTER))
    assert "No directive yet" in other.get(reverse("directives")).text
    assert other.get(reverse("directive-new")).status_code == 403
    fields: dict[str, object] = {
        "platform": "bluesky",
        "content_kinds": ["post", "comment"],
        "method": "relay",
        "option": "Capture from the relay.",
        "cost_reason": "One stream for all channels.",
    }
    page = director.post(reverse("directive-new"), fields)
    assert page.status_code == 409
    assert "Give the address from which this method reads." in page.text
    page = director.post(reverse("directive-new"), fields | {"address": "https://relay.example"}, follow=True)
    assert "Directive 1 is issued" in page.text
    made = Directive.objects.get()
    page = director.post(
        reverse("directive-reached", args=[made.deliveries.get().public_id]), {"how": "Handed over"}, follow=True
    )
    assert "1 of 1" in page.text
    page = director.get(reverse("directives")).text
    assert "From a relay&#x27;s event stream" in page
    assert "WAU-legal-04c" in page
    assert "Directive 1" in signed_in(head).get(reverse("mine")).text

    note = governance.suggest_directive(
        why="failed", subject="gap-1", entry="ent-1", actor="system", now=timezone.now()
    )
    assert "A connector failed" in director.get(reverse("directives")).text
    director.post(reverse("directive-answer", args=[note.pk]), {"answer": "It works again"})
    assert "A connector failed" not in director.get(reverse("directives")).text


def test_blocked_sites_are_kept_and_handed_to_the_network_team() -> None:
    a_body("dma-2.110", name="Department of Military Affairs")
    client = signed_in(a_person(Role.IT_DIRECTOR))
    assert "No site is blocked" in client.get(reverse("blocked-sites")).text
    assert client.post(reverse("blocked-sites"), {"site": "nowhere", "reason": "x"}).status_code == 422
    client.post(reverse("blocked-sites"), {"site": "games.example.com", "reason": "=Not work"})
    page = client.get(reverse("blocked-sites")).text
    assert "games.example.com" in page
    assert "DMA-II-A-02d" in page
    table = list(csv.DictReader(io.StringIO(client.get(reverse("blocked-sites-table")).text)))
    assert (table[0]["site"], table[0]["reason"]) == ("games.example.com", "'=Not work")
    auditor = signed_in(a_person(Role.AUDITOR))
    assert "Take it off" not in auditor.get(reverse("blocked-sites")).text
    client.post(reverse("blocked-site-end", args=[BlockedSite.objects.get().public_id]), {"reason": "Needed"})
    assert "Blocked no more" in client.get(reverse("blocked-sites")).text


def test_an_assumed_identity_is_asked_for_signed_and_registered() -> None:
    a_body("dma-2.110", name="Department of Military Affairs")
    affairs = a_person(Role.PUBLIC_AFFAIRS, name="Pat Affairs")
    head = a_person(Role.AGENCY_HEAD, name="Gen Adjutant", password=PASSWORD)
    today = legal_day(timezone.now())
    client, chief = signed_in(affairs), signed_in(head)
    fields = {
        "identity": "Radio Fan",
        "purpose": "Exercise",
        "required_by": "Order 26-4",
        "starts_on": today.isoformat(),
        "ends_on": (today - timedelta(days=1)).isoformat(),
    }
    assert client.post(reverse("personas"), fields).status_code == 422
    client.post(reverse("personas"), fields | {"ends_on": (today + timedelta(days=9)).isoformat()})
    address = reverse("persona", args=[PersonaException.objects.get().public_id])
    assert "Radio Fan" in client.get(reverse("personas")).text
    assert 'value="sign"' not in client.get(address).text
    signature = {"act": "sign", "reason": "Legitimate", "typed_name": "Gen Adjutant", "password": "wrong"}
    page = chief.post(address, signature)
    assert (page.status_code, "does not show that it is you" in page.text) == (409, True)
    assert "Signed." in chief.post(address, signature | {"password": PASSWORD}, follow=True).text
    page = client.post(address, {"act": "register", "where": "A forum", "held_by": affairs.public_id}, follow=True)
    assert "Pat Affairs acts under it" in page.text
    assert "Ended." in chief.post(address, {"act": "end", "reason": "Exercise over"}, follow=True).text


def test_an_employee_asks_the_supervisor_and_reads_the_answer() -> None:
    a_body()
    parks = a_unit()
    head = signed_in(a_person(Role.DEPARTMENT_HEAD, unit=parks, over=parks, name="Dana Head"))
    person = signed_in(a_person(unit=parks))
    assert "It goes to Dana Head." in person.get(reverse("ask-supervisor")).text
    assert person.post(reverse("ask-supervisor"), {"question": " "}).status_code == 422
    person.post(reverse("ask-supervisor"), {"question": "May I post this?"})
    address = reverse("question", args=[SupervisorQuestion.objects.get().public_id])
    assert signed_in(a_person(Role.HR)).get(address).status_code == 404
    assert "Your answer" not in person.get(address).text
    head.post(address, {"answer": "Yes."})
    assert "Dana Head answered" in person.get(address).text
    assert person.post(reverse("ask-supervisor"), {"question": "x"}, follow=True).status_code == 200
