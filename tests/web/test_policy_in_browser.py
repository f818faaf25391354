"""The policy's pages in a real browser: accessible, fitting, by keyboard and without scripts."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser

from rostrum.areas.governance import jobs, operations
from rostrum.areas.governance.models import Certification
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from tests.browser import NARROW, WIDE, Visitor, browser, served
from tests.channels import a_body
from tests.governance import PAPER, a_text, an_employee, certify, delivered, read
from tests.people import PASSWORD, a_person, a_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HR, ERIN, CHIEF = "hr@dma.example", "erin@dma.example", "chief@dma.example"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def address() -> Iterator[str]:
    with served() as found:
        yield found


@pytest.fixture
def erin() -> User:
    """The Department three weeks after its bulletin went out: some signed, some are late."""
    now = timezone.now()
    before = now - timedelta(days=21)
    a_body("dma-2.110", "wi-best-practices", name="Department of Military Affairs")
    a_text(now=before, text="Think before you post.\n\nNobody can take back what was said in public.")
    parks = a_unit("public-works", "Public Works")
    hr = a_person(Role.HR, name="Hana Resources", email=HR, password=PASSWORD)
    erin = an_employee(email=ERIN, unit=parks, speaks_on="chn-1")
    delivered(erin, now=before)
    certify(
        read(delivered(an_employee(name="Sam Signed", unit=parks), now=before), before),
        before,
        signed_on=operations.acknowledgements.found_in.legal_day(before),
    )
    operations.enter_policy_text(
        pack="dma-2.110", related="pp-2-105", label="2025", link="https://dma.example/p105", actor=hr, now=now
    )
    operations.issue_bulletin(title="Fake official pages", text="Look at the address first.", actor=hr, now=now)
    operations.complete_training(
        person=erin,
        key="threats",
        confirmed=["current", "own-risk", "report"],
        completed_on=operations.acknowledgements.found_in.legal_day(now),
        evidence="List of those present",
        file=PAPER,
        actor=hr,
        now=now,
    )
    jobs.tend({}, now=now)
    return erin


def own(person: User) -> str:
    return reverse("certification", args=[Certification.objects.get(person=person).public_id])


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_employees_pages_are_accessible_and_fit(chromium: Browser, address: str, erin: User, width: int) -> None:
    visitor = Visitor(chromium, address, width=width)
    visitor.sign_in(ERIN, PASSWORD)
    page = visitor.open("/desk/mine/")
    for name, act in (("mine", ""), ("certification", "Open it"), ("reading", "I have read it to its end")):
        visitor.assert_accessible()
        visitor.assert_fits()
        visitor.shoot(f"policy-{name}")
        if name == "mine":
            visitor.open(own(erin))
        if act:
            page.get_by_role("button", name=act).click()
            page.wait_for_load_state()
    visitor.assert_accessible()
    visitor.assert_fits()
    visitor.shoot("policy-signing")
    page.get_by_label("Your name, typed").fill("Somebody Else")
    page.get_by_label("Your password, once more").fill("not the password")
    page.get_by_role("button", name="Sign and return").click()
    page.get_by_text("This could not be done").or_(page.get_by_text("Correct")).first.wait_for()
    visitor.assert_accessible()
    visitor.shoot("policy-signing-refused")
    for path in ("/desk/mine/training/threats/", "/desk/"):
        visitor.open(path)
        visitor.assert_accessible()
        visitor.assert_fits()
    visitor.assert_no_complaints()
    visitor.close()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_pages_of_human_resources_are_accessible_and_fit(
    chromium: Browser, address: str, erin: User, width: int
) -> None:
    visitor = Visitor(chromium, address, width=width)
    visitor.sign_in(HR, PASSWORD)
    late = Certification.objects.get(person=erin)
    for name, path in {
        "certifications": reverse("certifications"),
        "paper": reverse("certification-record-paper", args=[late.public_id]),
        "trainings": reverse("trainings"),
        "training-new": reverse("training-new"),
        "training-record": reverse("training-record", args=["threats"]),
        "bulletin-new": reverse("bulletin-new"),
        "documents": reverse("policy-documents"),
        "enter-text": f"{reverse('policy-enter-text')}?pack=dma-2.110",
        "policy-text": reverse("policy-text", args=[late.text.public_id]),
        "list-policy": reverse("policy-list"),
        "policy": reverse("policy"),
        "ask-supervisor": reverse("ask-supervisor"),
        "hr-today": "/desk/",
    }.items():
        visitor.open(path)
        visitor.shoot(f"policy-{name}")
        visitor.assert_accessible()
        visitor.assert_fits()
    visitor.assert_no_complaints()
    visitor.close()


def test_a_policy_is_read_and_certified_without_scripts_by_keyboard(
    chromium: Browser, address: str, erin: User
) -> None:
    visitor = Visitor(chromium, address, scripts=False)
    visitor.sign_in(ERIN, PASSWORD)
    page = visitor.open(own(erin))
    page.get_by_role("button", name="Open it").press("Enter")
    page.get_by_role("button", name="I have read it to its end").press("Enter")
    for box in page.get_by_role("group", name="I certify that").get_by_role("checkbox").all():
        box.press("Space")
    page.get_by_label("Your name, typed").fill("Erin O'Neil")
    page.get_by_label("Your password, once more").fill(PASSWORD)
    page.get_by_role("button", name="Sign and return").press("Enter")
    page.get_by_role("heading", name="The signed page").wait_for()
    visitor.close()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_registers_of_the_director_and_the_agency_head_are_accessible_and_fit(
    chromium: Browser, address: str, erin: User, width: int
) -> None:
    now = timezone.now()
    today = operations.acknowledgements.found_in.legal_day(now)
    chief = a_person(
        Role.IT_DIRECTOR,
        Role.AGENCY_HEAD,
        Role.DEPARTMENT_HEAD,
        name="Chief Of All",
        email=CHIEF,
        password=PASSWORD,
        unit=erin.unit,
        over=erin.unit,
    )
    affairs = a_person(Role.PUBLIC_AFFAIRS, name="Pat Affairs")
    made = operations.issue_directive(
        platform="bluesky",
        method="connector",
        option="Capture through the connector.\n\nKeep in the archive for its series.",
        cost_reason="It needs nobody's time.",
        actor=chief,
        now=now,
    )
    operations.suggest_directive(why="new-platform", subject="square", entry="ent-1", actor="system", now=now)
    operations.block_site(site="games.example.com", reason="Not related to work", actor=chief, now=now)
    exception = operations.ask_persona_exception(
        identity="Midwest Radio Fan",
        purpose="Exercise with a mock network",
        required_by="Order 26-4",
        starts_on=today,
        ends_on=today,
        actor=affairs,
        now=now,
    )
    question = operations.ask_supervisor(question="May I post a picture of the armory?", actor=erin, now=now)
    visitor = Visitor(chromium, address, width=width)
    visitor.sign_in(CHIEF, PASSWORD)
    for name, path in {
        "directives": reverse("directives"),
        "directive": reverse("directive", args=[made.public_id]),
        "directive-new": reverse("directive-new"),
        "blocked-sites": reverse("blocked-sites"),
        "personas": reverse("personas"),
        "persona": reverse("persona", args=[exception.public_id]),
        "question": reverse("question", args=[question.public_id]),
        "chief-mine": reverse("mine"),
    }.items():
        visitor.open(path)
        visitor.shoot(f"policy-{name}")
        visitor.assert_accessible()
        visitor.assert_fits()
    visitor.assert_no_complaints()
    visitor.close()
