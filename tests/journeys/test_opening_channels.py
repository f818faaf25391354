"""A channel is opened under two policies: other steps, other rules, the same engine; nothing is skipped.

A city under Wausau's policy and an agency under chapter 480 and its own bulletin. A second address of a known page and
a handle that could be mistaken for another's are named first. At each stage the later step's address, typed by hand,
and its form, sent all the same, are refused with the clause. Time is passed in; the steps build on one another.
"""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from rostrum.areas.channels import operations as channels
from rostrum.areas.channels.models import Channel
from rostrum.areas.governance import operations as governance
from rostrum.areas.governance import queries as governance_queries
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.cli import sample_city
from tests.browser import NARROW
from tests.channels import GOAL, NOW, Staff, a_body, allow_the_connector
from tests.journeys.town import Clock, Person, Town, town_of
from tests.people import a_person, a_unit
from tests.terms import ANSWERS, keep_both

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DOMAIN = "wausau.example"
SHOWN = {
    "Statement that the body": "Maintained by the Parks Department under the social media policy.",
    "Link to the policy": "https://www.wausau.example/social-media-policy",
    "Comment policy": "Comments are removed only for the grounds that the policy lists.",
    "Notice that breaking": "Repeated violations of the comment policy lead to blocking.",
    "Purpose as the page states it": "Which trails are open, and your answers.",
    "Official contact": "trails@wausau.example",
    "Link back": "https://www.wausau.example/",
}
# What the body says on every page, whatever the channel.
EVERYWHERE = "Nothing sent to or from here is legal notice"


@dataclass(frozen=True)
class Body:
    """A body under its packs, and what is different there. `route` are the logins that approve, in order, each with
    what the page says of its step. `before_…` are the clauses by which nothing goes on before that; "" where none asks.
    """

    name: str
    packs: tuple[str, ...]
    route: tuple[tuple[str, str], ...]
    before_approval: str
    before_deposit: str
    before_page: str
    takes_private_address: bool
    agrees: str


WAUSAU = Body(
    name="City of Wausau",
    packs=("wausau-city",),
    route=(("dana", "the department's head, who weighs the risk"), ("casey", "social media coordinator")),
    before_approval="WAU-own-02a",
    before_deposit="WAU-own-02c",
    before_page="WAU-page-00",
    takes_private_address=True,
    agrees="casey",
)
DMA = Body(
    name="Department of Military Affairs",
    packs=("dma-2.110",),
    route=(("dana", "department head"), ("ivo", "it director"), ("pat", "public affairs")),
    before_approval="DMA-II-B-02a",
    before_deposit="",
    before_page="",
    takes_private_address=False,
    agrees="pat",
)
CAST: Mapping[str, tuple[str, Role | None]] = {
    "sam": ("Sam Spokesperson", Role.POSTER),
    "dana": ("Dana Head", Role.DEPARTMENT_HEAD),
    "casey": ("Casey Coordinator", Role.COORDINATOR),
    "pat": ("Pat Affairs", Role.PUBLIC_AFFAIRS),
    "ivo": ("Ivo Tech", Role.IT_DIRECTOR),
}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(NOW, monkeypatch)


@pytest.fixture(params=[WAUSAU, DMA], ids=["wausau", "dma"])
def body(request: pytest.FixtureRequest) -> Body:
    found: Body = request.param
    return found


@pytest.fixture
def town(transactional_db: None, tmp_path: Path, clock: Clock, body: Body) -> Iterator[Town]:
    clock.set(NOW + timedelta(hours=1))
    with town_of(tmp_path / "town", lambda _: an_empty_body(body)) as made:
        yield made


def an_empty_body(body: Body) -> None:
    """Its persons, its domain, one page found on Facebook, the square's texts; no channel yet."""
    a_body(*body.packs, name=body.name)
    governance.set_choice(key="body.government_domains", value=[DOMAIN], reason="Our domain", actor="system", now=NOW)
    parks = a_unit(name="Parks Department")
    for login, (name, role) in CAST.items():
        own = parks if role in (Role.POSTER, Role.DEPARTMENT_HEAD) else None
        a_person(
            *([role] if role else []),
            name=name,
            email=f"{login}@{DOMAIN}",
            unit=own,
            over=own,
            password=sample_city.PASSWORD,
        )
    keep_both("square", person("casey"), NOW)
    channels.register_found(
        platform="facebook",
        handle="WausauParks",
        url="https://www.facebook.com/WausauParks",
        name="Wausau Parks",
        unit=parks,
        found_in="A resident asked",
        actor=person("casey"),
        now=NOW,
    )


def person(login: str) -> User:
    return User.objects.get(email=f"{login}@{DOMAIN}")


def test_a_channel_is_opened_step_by_step(town: Town, body: Body) -> None:
    sam, channel = sam_asks_for_it(town, body)
    terms_come_first(town, body, sam)
    sam_reads_the_terms(town, body)
    others_sign_and_agree(town, body)
    each_approves_in_turn(town, body)
    it_is_opened_by_the_bodys_rules(town, body)
    its_log_in_goes_into_custody(town, body)
    its_page_is_checked(town, body)
    it_goes_live(town, body)
    whose_what_is(town, channel)

    town.inspect_the_rest()
    assert not (town.findings + town.complaints()), "\n".join(town.findings + town.complaints())


# What the steps share


def main(page: Page) -> Locator:
    return page.locator("main")


def fill(page: Page, values: Mapping[str, str]) -> None:
    for label, value in values.items():
        fields = page.get_by_label(re.compile(f"^{re.escape(label)}"))
        fields.and_(page.locator("input, textarea, select")).first.fill(value)


# The form of a step, made by somebody who knows what it is called.
_FORGED = """({to, fields}) => {
    const form = document.createElement('form');
    form.method = 'post'; form.action = to;
    form.append(document.querySelector('[name=csrfmiddlewaretoken]').cloneNode());
    for (const [name, value] of Object.entries(fields)) {
        const field = document.createElement('input');
        field.name = name; field.value = value; form.append(field);
    }
    document.body.append(form); form.submit();
}"""
_FIELDS = {"registered_email": f"trails@{DOMAIN}", "token": "x" * 40, "service": "http://127.0.0.1:9"}


def refused_by_hand(who: Person, step: str, *, clause: str, post: str = "") -> None:
    """Type the address of a later step: its page says that its turn has not come, and offers no form for it.

    The step's form, sent all the same (`post`: its address where it has no page), is refused; nothing changes.
    """
    before = Entry.objects.count()
    page = who.go(f"/desk/channels/trails/{step}")
    if not post:
        expect(main(page).locator("#not-yet")).to_be_visible()
        expect(main(page)).to_contain_text(clause_words(clause))
        expect(main(page).get_by_role("button")).to_have_count(0)
        who.look(f"{step}-not-yet")
    with page.expect_navigation():
        page.evaluate(_FORGED, {"to": post or page.url, "fields": _FIELDS})
    expect(page.get_by_role("heading", name="The rules do not allow this")).to_be_visible()
    expect(main(page)).to_contain_text(clause_words(clause))
    assert Entry.objects.count() == before


def clause_words(clause: str) -> str:
    """What a refusal says of the clause it rests on: its section; without one, that the step is the product's own."""
    if not clause:
        return "it is a step of Rostrum's own"
    found = governance_queries.policy().clause(clause)
    assert found is not None, clause
    return found.section


# The steps


def sam_asks_for_it(town: Town, body: Body) -> tuple[Person, str]:
    """Two false starts: the page that is known already, spelt otherwise; and a handle that looks like it."""
    sam = town.person("sam")
    page = sam.go("/desk/channels/new")
    expect(page.locator("aside")).to_contain_text(body.route[0][1])
    sam.look("ask-for-a-channel")
    values = {
        "Name": "Wausau Trails",
        "Purpose": "Tell residents which trails are open.",
        "How it will be captured": "Through its connector, every fifteen minutes.",
    }
    for address, said in (
        ("http://M.facebook.com/wausauparks/?ref=ts", "This address is already the channel “Wausau Parks”"),
        ("https://facebook.com/WausauP\u0430rks", "This handle can be mistaken for that of “Wausau Parks”."),
    ):
        page = sam.go("/desk/channels/new")
        page.get_by_label("Platform", exact=True).select_option(label="Facebook")
        fill(page, values | {"Address of the page": address})
        choose_purpose(page)
        sam.press("Ask for it")
        expect(main(page)).to_contain_text(said)
        sam.look("address-taken" if "already" in said else "handle-alike")
    assert Channel.objects.count() == 1
    page = sam.go("/desk/channels/new")
    page.get_by_label("Platform", exact=True).select_option(label="Sample square")
    fill(page, values | {"Address of the page": f"{town.square.url}/c/trails"})
    choose_purpose(page)
    sam.press("Ask for it")
    expect(page.get_by_text("Wausau Trails is asked for.")).to_be_visible()
    Channel.objects.filter(name="Wausau Trails").update(slug="trails")
    return sam, Channel.objects.get(slug="trails").public_id


def choose_purpose(page: Page) -> None:
    goal = page.get_by_label("Goal of the mission").first
    if goal.evaluate("one => one.tagName") == "SELECT":
        goal.select_option(label=GOAL)
    else:
        goal.fill("Keep residents informed about city services.")
    serves = page.locator("input[name=serves]").first
    page.locator(f"label[for='{serves.get_attribute('id')}']").click()


def terms_come_first(town: Town, body: Body, sam: Person) -> None:
    """Before the terms are read nobody approves; opening, log-in, page and going live are not to be had by typing."""
    casey, dana = town.person("casey"), town.person("dana")
    page = dana.go("/desk/channels/trails/")
    expect(page.get_by_role("button", name="Approve")).to_be_disabled()
    refused_by_hand(sam, "open", clause=body.before_approval)
    refused_by_hand(casey, "deposit", clause=body.before_deposit)
    refused_by_hand(casey, "page", clause=body.before_page)
    refused_by_hand(casey, "", clause=body.before_approval, post="/desk/channels/trails/go-live")
    casey.go("/desk/channels/trails/")
    casey.page.get_by_label("Who reads the terms").select_option(label="Sam Spokesperson, Parks Department")
    casey.press("Name the reader")
    expect(casey.page.get_by_text("Sam Spokesperson reads the terms.")).to_be_visible()


def sam_reads_the_terms(town: Town, body: Body) -> None:
    """Question by question, with the words each answer rests on; nobody else answers, and none is left out."""
    sam, casey = town.person("sam"), town.person("casey")
    expect(main(casey.page).get_by_role("radio")).to_have_count(0)
    page = sam.go("/desk/channels/trails/")
    sam.follow("The review")
    sam.look("terms-questions")
    expect(page.get_by_role("button", name="I have read them")).to_be_disabled()
    for question, answer in ANSWERS.items():
        page.locator(f"label[for='q-{question}-{answer.choice}']").click()
        for part, words in (("note", answer.note), ("quote", answer.quote), ("place", answer.place)):
            if words:
                page.locator(f"#q-{question}-{part}").fill(words)
    page.locator("#q-risks").fill("Costs, if somebody sues.")
    for question, name in (("authority", CAST[body.agrees][0]), ("watcher", "Casey"), ("decider", "Pat")):
        options = page.locator(f"#q-{question} option", has_text=name)
        page.locator(f"#q-{question}").select_option(value=options.first.get_attribute("value"))
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Everything is answered.")).to_be_visible()
    page.locator("label[for=newest]").click()
    sam.press("I have read them")
    expect(page.get_by_role("button", name="Sign it")).to_be_disabled()
    sam.look("terms-read")


def others_sign_and_agree(town: Town, body: Body) -> None:
    """A second person signs, and the authority that the review names agrees for the body."""
    pat, agrees = town.person("pat"), town.person(body.agrees)
    for who, button, said in ((pat, "Sign it", "Signed."), (agrees, "Agree for the body", "The terms are accepted")):
        page = who.go("/desk/channels/trails/")
        who.follow("The review")
        who.press(button)
        expect(page.get_by_text(said).first).to_be_visible()
    agrees.look("terms-accepted")


def each_approves_in_turn(town: Town, body: Body) -> None:
    """Who asked cannot; who is not next cannot, and reads whose step it is; each takes one step."""
    sam = town.person("sam")
    page = sam.go("/desk/channels/trails/")
    expect(page.get_by_role("button", name="Approve")).to_be_disabled()
    expect(main(page)).to_contain_text("Who asked for a channel cannot approve it.")
    for number, (login, title) in enumerate(body.route):
        for later, _ in body.route[number + 1 :]:
            page = town.person(later).go("/desk/channels/trails/")
            expect(page.get_by_role("button", name="Approve")).to_be_disabled()
            expect(main(page)).to_contain_text(f"The next step is for: {title}.")
        refused_by_hand(sam, "open", clause=body.before_approval)
        who = approver(town, body, login)
        page = who.go("/desk/channels/trails/")
        who.look(f"approval-{number + 1}")
        if number == 0 and "risk" in title:
            page.get_by_text("I have weighed the added risk").click()
        who.press("Approve")
        expect(
            page.get_by_text("Approved." if number + 1 == len(body.route) else "Your step is recorded.").first
        ).to_be_visible()
        page.reload()
    page = sam.go("/desk/channels/trails/")
    for login, _ in body.route:
        expect(page.locator("aside")).to_contain_text(f"Approved by {CAST[login][0]}")


def approver(town: Town, body: Body, login: str) -> Person:
    """State IT is consulted without scripts, in a window of 320 pixels; the others come as they are."""
    if login != "ivo":
        return town.person(login)
    ivo = town.without_scripts()
    ivo.page.set_viewport_size({"width": NARROW, "height": 900})
    ivo.sign_in(f"ivo@{DOMAIN}", sample_city.PASSWORD)
    return ivo


def it_is_opened_by_the_bodys_rules(town: Town, body: Body) -> None:
    """With whose e-mail: a private address needs a reason, or is not taken at all; the owner cannot be chosen."""
    sam, casey = town.person("sam"), town.person("casey")
    refused_by_hand(casey, "deposit", clause=body.before_deposit)
    page = sam.go("/desk/channels/trails/")
    sam.follow("Record the opening")
    expect(page.get_by_label(re.compile("^Owner"))).to_have_count(0)
    opened = {
        "Its id on the platform": "trails",
        "Name it is registered with": body.name,
        "Contact it is registered with": f"trails@{DOMAIN}",
        "Service address": town.square.url,
    }
    fill(page, opened | {"E-mail address": "trails@mail.example"})
    sam.press("Record the opening")
    ending = ", or say why it cannot be." if body.takes_private_address else "."
    expect(main(page)).to_contain_text(f"Register it with an address of {DOMAIN}{ending}")
    sam.look("not-a-private-address")
    page = sam.go("/desk/channels/trails/open")
    sam.look("record-the-opening")
    fill(page, opened | {"E-mail address": f"trails@{DOMAIN}"})
    sam.press("Record the opening")
    expect(page.get_by_text("Opened. Deposit its log-in next.")).to_be_visible()


def its_log_in_goes_into_custody(town: Town, body: Body) -> None:
    casey, sam = town.person("casey"), town.person("sam")
    refused_by_hand(casey, "page", clause=body.before_page)
    refused_by_hand(casey, "", clause=body.before_deposit, post="/desk/channels/trails/go-live")
    page = sam.go("/desk/channels/trails/")
    sam.follow("Deposit the log-in")
    token = town.new_channel_token("trails", "Wausau Trails", "\n".join(list(SHOWN.values())[:3]))
    page.get_by_label("Channel token").fill(token)
    sam.press("Deposit")
    expect(page.get_by_text("The log-in is in custody.")).to_be_visible()
    assert token not in page.content()
    refused_by_hand(casey, "", clause=body.before_page, post="/desk/channels/trails/go-live")
    town.work()


def its_page_is_checked(town: Town, body: Body) -> None:
    """The product read the profile once it could. Where the policy asks for elements, all of them must stand there."""
    casey, sam = town.person("casey"), town.person("sam")
    page = casey.go("/desk/channels/trails/")
    expect(page.locator("aside")).to_contain_text("Page read by the product")
    if not body.before_page:
        expect(main(page)).to_contain_text("The active packs ask for nothing in particular on it.")
        return
    page = sam.go("/desk/channels/trails/describe")
    fill(page, SHOWN)
    sam.press("Save")
    page = casey.go("/desk/channels/trails/page")
    casey.press("Read the profile now")
    casey.look("page-lacks-something")
    casey.go("/desk/channels/trails/")
    expect(main(page)).to_contain_text("Not seen yet")
    casey.go("/desk/channels/trails/page")
    # The one who runs the page puts the rest on it: no new log-in for that.
    put_on_the_page(town, "\n".join([*SHOWN.values(), EVERYWHERE]))
    casey.press("Read the profile now")
    casey.look("page-checked")
    page = casey.go("/desk/channels/trails/")
    expect(main(page)).to_contain_text("All in place")


def put_on_the_page(town: Town, about: str) -> None:
    with sqlite3.connect(town.folder / "square" / "square.sqlite3") as square:
        square.execute("UPDATE channels SET about = ? WHERE handle = 'trails'", (about,))


def it_goes_live(town: Town, body: Body) -> None:
    """Nobody's connector speaks before both offices allowed it; then the channel speaks, and residents find it."""
    casey = town.person("casey")
    page = casey.go("/desk/channels/trails/")
    allow_the_connector(Channel.objects.get(slug="trails"), staff(), now=timezone.now())
    page.reload()
    casey.press("Go live")
    expect(page.get_by_role("heading", level=1).locator("xpath=..")).to_contain_text("Live")
    casey.look("channel-is-live")
    portal = town.stranger()
    page = portal.go("/channels/")
    expect(main(page)).to_contain_text("Wausau Trails")


def staff() -> Staff:
    return Staff(a_unit(), *(person(login) for login in ("sam", "casey", "dana", "pat")))


def whose_what_is(town: Town, channel: str) -> None:
    """Four things that are not the same: who owns it, who maintains it, whose the posts are, what users' posts are."""
    page = town.person("casey").page
    facts = main(page).locator("section", has=page.locator("#who"))
    for term, words in (
        ("Owner", Channel.objects.get(public_id=channel).owner),
        ("Maintained by", "Parks Department"),
        ("Copyright in its posts", Channel.objects.get(public_id=channel).copyright_holder),
        ("What users post", "The users keep what they write"),
    ):
        expect(facts.locator("dl > div", has=page.locator("dt", has_text=term))).to_contain_text(words)
