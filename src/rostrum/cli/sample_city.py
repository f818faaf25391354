"""The sample city: made once, by the product's own operations, so that its ledger is as real as any.

Everything in it is invented. The people's one password is printed, because the demo listens on this machine only.
"""

from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from django.utils import timezone

from rostrum.areas.archive import queries as archive
from rostrum.areas.archive.models import Item
from rostrum.areas.archive.queries import SearchQuery
from rostrum.areas.channels import operations as channels
from rostrum.areas.channels import pack, page_reading
from rostrum.areas.channels import queries as channel_queries
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.operations import access, log_in_tests
from rostrum.areas.channels.queries import access as channel_access
from rostrum.areas.disclosure import marking
from rostrum.areas.disclosure import operations as disclosure
from rostrum.areas.governance import operations as governance
from rostrum.areas.governance import queries as governance_queries
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.moderation import operations as moderation
from rostrum.areas.people import operations as people
from rostrum.areas.people.models import Unit, User
from rostrum.areas.people.rules import Role
from rostrum.areas.publishing import operations as publishing
from rostrum.areas.publishing import queries as publishing_queries
from rostrum.areas.publishing.models import Draft
from rostrum.cli import sample_people, sample_rooms, sample_terms
from rostrum.cli.sample_days import days_ago
from rostrum.cli.sample_rights import give_right
from rostrum.connectors.square.server import create_channel
from rostrum.connectors.square.store import SquareStore
from rostrum.worker.loop import Worker

PASSWORD = "open-meeting-tuesday"  # noqa: S105 - printed on purpose; the demo listens on loopback only
CITY = "City of Wausau (sample)"
_DOMAIN = "wausau.example"
MAILS = "sample-mails.txt"
# So many days ago the body began, and its first channels: long enough for what falls due within weeks.
_BEGAN, _OPENED = 40, 20


@dataclass(frozen=True, slots=True)
class Cast:
    """One sign-in of the demo: who, in which roles, what to try as them."""

    login: str
    name: str
    title: str
    unit: str
    role: Role
    tries: str


PEOPLE: tuple[Cast, ...] = (
    Cast(
        "rosa",
        "Rosa Lindqvist",
        "Social Media Coordinator",
        "clerk",
        Role.COORDINATOR,
        "Today: somebody left, a log-in is due, a terms text changed",
    ),
    Cast("dev", "Dev Patel", "Recreation Specialist", "parks", Role.POSTER, "write a post, heed its findings"),
    Cast(
        "maya",
        "Maya Thao",
        "Parks Director",
        "parks",
        Role.DEPARTMENT_HEAD,
        "approve Dev's post; finish the review of her department's rights",
    ),
    Cast("owen", "Owen Brandt", "Community Moderator", "clerk", Role.MODERATOR, "assess a comment against the grounds"),
    Cast("june", "June Kowalski", "Community Moderator", "clerk", Role.MODERATOR, "be a second person"),
    Cast(
        "ida",
        "Ida Moreau",
        "City Clerk, Records Custodian",
        "clerk",
        Role.RECORDS_CUSTODIAN,
        "answer the records request",
    ),
    Cast("sam", "Sam Vue", "Deputy Clerk", "clerk", Role.RECORDS_CUSTODIAN, "second a redaction"),
    Cast(
        "pia",
        "Pia Reyes",
        "Public Information Officer",
        "clerk",
        Role.PUBLIC_AFFAIRS,
        "approve any post; the page she checked lacks a notice",
    ),
    Cast(
        "tom",
        "Tom Aldrin",
        "IT Director",
        "it",
        Role.IT_DIRECTOR,
        "the register of directives; an application nobody allowed",
    ),
    Cast("hana", "Hana Weiss", "HR Manager", "hr", Role.HR, "who has not certified or trained; close a separation"),
    Cast("ben", "Ben Okafor", "City Attorney", "attorney", Role.AUDITOR, "Assurance: does each clause hold?"),
    Cast(
        "lee",
        "Lee Nakamura",
        "Council Member",
        "council",
        Role.ELECTED_OFFICIAL,
        "the training that is overdue; write across departments",
    ),
    Cast("gus", "Gus Hartmann", "Mayor", "council", Role.AGENCY_HEAD, "What is overdue, whose, since when"),
    Cast("eve", "Eve Larsen", "Accountant", "finance", Role.EMPLOYEE, "You: what concerns every employee"),
)
# The rooms in which something waits: their addresses, and what is there for whom.
ROOMS = (
    ("/desk/separations/", "Nora left yesterday: log-in, hand-over and a new holder are owed (hana, rosa, maya)"),
    ("/desk/custody/", "log-ins in custody, that of Parks to be changed; an emergency to review (rosa)"),
    ("/desk/rights/reviews/", "the review of the rights at Parks: one decided, and hers for rosa (maya)"),
    ("/desk/channels/events/page", "a page that lacks a notice, and so does not go live (pia)"),
    ("/desk/channels/events/administrators", "an administrator whom nobody knows (rosa)"),
    ("/desk/channels/terms/facebook/", "a privacy text that changed: decide (rosa)"),
    ("/desk/channels/found", "a page that nobody approved (rosa)"),
    ("/desk/channels/lists/", "an old list, held because it misses what is open (rosa)"),
    ("/desk/policy/certifications/", "the policy certified by three, overdue with one (hana)"),
    ("/desk/policy/training/", "a training, done by two, overdue with one (hana)"),
    ("/desk/policy/directives/", "the yearly directive, and one that has not reached everybody (tom)"),
)
_UNITS = {
    "clerk": "City Clerk's Office",
    "parks": "Parks Department",
    "works": "Public Works Department",
    "it": "Information Technology",
    "hr": "Human Resources Department",
    "attorney": "City Attorney's Office",
    "council": "City Council",
    "finance": "Finance Department",
}


def ensure(folder: Path, square_url: str, *, say: Callable[[str], None]) -> None:
    """Make the sample city if this data folder has no body yet."""
    if governance_queries.activation() is not None:
        return
    say("Making the sample city (once, some seconds) …")
    # What its past weeks would have mailed is kept for whoever wonders, not printed among the addresses.
    with (folder / MAILS).open("a", encoding="utf-8") as mails, redirect_stdout(mails):
        _make(folder, square_url)


def _make(folder: Path, square_url: str) -> None:
    now = timezone.now()
    began, opened = days_ago(now, _BEGAN, 9), days_ago(now, _OPENED, 10)
    _body(began)
    units, persons = _people(began)
    persons |= sample_people.add_more(units, domain=_DOMAIN, now=began)
    sample_people.list_rules(persons, began)
    sample_people.acknowledge(persons, began)
    sample_people.direct(persons, began + timedelta(days=5))
    sample_terms.keep_texts("square", persons["rosa"], opened)
    _allowed_applications(persons, opened)
    open_one = partial(_channel, folder=folder, square_url=square_url, persons=persons, now=opened)
    parks = open_one(unit=units["parks"], handle="parks", name="Wausau Parks")
    works = open_one(unit=units["works"], handle="public-works", name="Wausau Public Works")
    sample_people.train(persons, opened)
    sample_rooms.furnish(units, persons, parks=parks, works=works, opened=opened, now=now)
    _asked_for(units["clerk"], persons["maya"], now)
    _post(parks, works, units["parks"], persons)
    _residents(folder, parks)
    _run_worker()
    _look(parks)
    _assessment(persons)
    _answered_request(persons)
    _request(now)
    _run_worker()
    sample_people.answer_suggestions(persons, timezone.now())


def what_to_try(address: str, square_url: str) -> str:
    """The sign-ins and what to try with each, for the console."""
    width = max(len(f"{one.login}@{_DOMAIN}") for one in PEOPLE)
    lines = [f"\nSign in at {address}/desk/ with the password {PASSWORD} as:"]
    lines += [f"  {f'{one.login}@{_DOMAIN}':<{width}}  {one.title}: {one.tries}" for one in PEOPLE]
    lines.append("\nWhat happened in its past weeks, and who decides now:")
    width = max(len(path) for path, _ in ROOMS)
    lines += [f"  {path:<{width}}  {what}" for path, what in ROOMS]
    lines.append(
        f"\nThen: answer a post on {square_url}/ as a resident, edit and delete it; within a minute the comment, its\n"
        "versions and its tombstone are in the Conversation and the Archive."
    )
    return "\n".join(lines)


def _body(now: datetime) -> None:
    governance.establish_body(name=CITY, kind="city", website="https://www.wausau.example/", actor="system", now=now)
    governance.activate_packs(
        packs=("wausau-city",),
        effective_on={"wausau-city": date(2026, 1, 1)},
        reference="Sample adoption, invented for the demo",
        actor="system",
        now=now,
    )
    for key, value in (("body.government_domains", [_DOMAIN]), ("body.office_numbers", ["715-555-0100"])):
        governance.set_choice(key=key, value=value, reason="Sample choice for the demo", actor="system", now=now)


def _people(now: datetime) -> tuple[dict[str, Unit], dict[str, User]]:
    units = {slug: people.add_unit(slug=slug, name=name, actor="system", now=now) for slug, name in _UNITS.items()}
    persons = {}
    for one in PEOPLE:
        person = people.add_person(
            email=f"{one.login}@{_DOMAIN}",
            name=one.name,
            title=one.title,
            unit=units[one.unit],
            password=PASSWORD,
            actor="system",
            now=now,
        )
        limited = one.role in (Role.POSTER, Role.DEPARTMENT_HEAD)
        people.give_role(
            person=person, role=one.role, unit=units[one.unit] if limited else None, actor="system", now=now
        )
        persons[one.login] = person
    return units, persons


def _allowed_applications(persons: dict[str, User], now: datetime) -> None:
    """The product's own connectors on the list of what may be connected; coordinator and IT both approved them."""
    for platform in ("square", "bluesky"):
        made = access.propose_application(
            name=channel_access.connector_name(platform),
            purpose="Publishing and capture by Rostrum itself.",
            platform=platform,
            vendor="Rostrum",
            is_connector=True,
            actor=persons["rosa"],
            now=now,
        )
        access.approve_application(application_id=made.public_id, actor=persons["tom"], now=now)


def _channel(
    *, folder: Path, square_url: str, unit: Unit, handle: str, name: str, persons: dict[str, User], now: datetime
) -> Channel:
    """Take a channel through its life: asked for, approved, opened, log-in deposited, described, live."""
    channel = channels.request_channel(
        platform="square",
        name=name,
        unit=unit,
        purpose=f"Tell residents what {unit.name} does and hear what they say about it.",
        mission_goal="Keep residents informed about city services.",
        serves=("activities", "current-issues"),
        url=f"{square_url}/c/{handle}",
        capture_plan="Captured through the square's own event feed, every minute.",
        slug=handle,
        actor=persons["pia"],
        now=now,
    )
    sample_terms.review(channel, reader=persons["pia"], coordinator=persons["rosa"], now=now)
    head = next(
        (persons[one.login] for one in PEOPLE if one.unit == unit.slug and one.role is Role.DEPARTMENT_HEAD), None
    )
    channels.approve_channel(
        channel_id=channel.public_id, risk_acknowledged=True, actor=head or persons["gus"], now=now
    )
    channels.approve_channel(channel_id=channel.public_id, actor=persons["rosa"], now=now)
    channels.open_channel(
        channel_id=channel.public_id,
        registered_email=f"{handle}@{_DOMAIN}",
        native_id=handle,
        connection={"service": square_url},
        actor=persons["rosa"],
        now=now,
    )
    texts = {
        "stated_purpose": f"News from the {unit.name}, and your answers to it.",
        "maintained_by": f"Maintained by the {CITY} under its Social Media Policy.",
        "policy_link": "https://www.wausau.example/social-media-policy",
        "comment_policy": "Comments are welcome. They are removed only for the grounds listed in the city's policy.",
        "blocking_notice": "Repeated violations of the comment policy lead to blocking.",
        "official_contact": f"{handle}@{_DOMAIN}",
        "official_site_link": "https://www.wausau.example/",
    }
    shown = "\n".join((*texts.values(), pack.not_legal_notice()))
    token = create_channel(folder / "square", handle, name, shown)
    log_in = channels.deposit_credential(
        channel_id=channel.public_id, secret={"token": token}, actor=persons["rosa"], now=now
    )
    log_in_tests.note_log_in_test(credential_id=log_in.public_id, trouble="", actor="system", now=now)
    channels.describe_channel(channel_id=channel.public_id, cadence_minutes=1, **texts, actor=persons["rosa"], now=now)
    page_reading.read_page(
        channel_queries.channel_by_id(channel.public_id), clock=lambda: now, actor=persons["rosa"].public_id
    )
    channel = channels.go_live(channel_id=channel.public_id, actor=persons["rosa"], now=now)
    for login in ("dev", "maya", "lee"):
        # The department's head designates, or the mayor for a head and where there is none.
        is_heads = channel.slug == "parks" and login != "maya"
        give_right(
            channel, persons[login], designator=persons["maya" if is_heads else "gus"], issuer=persons["rosa"], now=now
        )
    return channel


def _asked_for(unit: Unit, actor: User, now: datetime) -> None:
    """A channel that waits for the coordinator, so that there is something to decide at once."""
    channels.request_channel(
        platform="bluesky",
        name="Wausau Parks on Bluesky",
        unit=actor.unit or unit,
        purpose="Reach residents who left the other networks.",
        mission_goal="Keep residents informed about city services.",
        serves=("activities", "current-issues"),
        handle="parks.wausau.example",
        capture_plan="Captured from the channel's own repository and from its conversations.",
        risk_acknowledged=True,
        actor=actor,
        now=now,
    )


def _post(parks: Channel, works: Channel, unit: Unit, persons: dict[str, User]) -> None:
    """One post through its whole life, one that waits for approval, one with findings still to heed."""
    now = timezone.now()
    answers = {"official_topic": "Summer recreation"}
    published = publishing.create_draft(
        unit=unit,
        text="The Memorial Park pool opens on Saturday at 10 a.m. Swimming lessons start on Monday. #PoolSeason",
        channels=(parks,),
        answers=answers,
        actor=persons["dev"],
        now=now,
    )
    _through(published, persons, now)
    _run_worker()
    waiting = publishing.create_draft(
        unit=unit,
        text="Trail clean-up this Sunday at noon: meet at the Oak Island shelter. Gloves and bags are there. #TrailDay",
        channels=(parks,),
        answers={"official_topic": "Trail clean-up"},
        actor=persons["dev"],
        now=now,
    )
    publishing.submit_draft(draft_id=waiting.public_id, actor=persons["dev"], now=now)
    publishing.create_draft(
        unit=unit,
        text=(
            "Lost your season pass? Call Mrs. Hansen at 715-555-0134. The Public Works Department will resurface "
            "Grand Avenue from May on. #budgethearing"
        ),
        channels=(parks, works),
        answers={"official_topic": "Season passes"},
        actor=persons["dev"],
        now=now,
    )


def _through(draft: Draft, persons: dict[str, User], now: datetime) -> None:
    publishing.submit_draft(draft_id=draft.public_id, actor=persons["dev"], now=now)
    draft.refresh_from_db()
    publishing.approve_draft(
        draft_id=draft.public_id,
        digest=publishing_queries.current_revision(draft).digest,
        actor=persons["maya"],
        now=timezone.now(),
    )
    publishing.schedule_publication(draft_id=draft.public_id, actor=persons["dev"], now=timezone.now())


def _residents(folder: Path, channel: Channel) -> None:
    """What residents of the square answered: a question, an edit, a deletion, a threat, a telephone number."""
    store = SquareStore(folder / "square")
    root = store.posts(channel.native_id)[0].id
    ann = store.name_resident("demo-ann", "Ann Sorensen")
    raj = store.name_resident("demo-raj", "Raj Mehta")
    kim = store.name_resident("demo-kim", "K. Dahl")
    ann_first = store.write(ann, "Will there be lessons for adults to?", parent=root)
    store.write(raj, "You can reach me at (715) 555-0162 if the front desk needs another volunteer.", parent=root)
    gone = store.write(kim, "Worst pool in the county, and the director knows it.", parent=root)
    store.write(kim, "I know where the pool director lives and I will hurt him if it opens.", parent=root)
    _look(channel)
    store.edit(ann, ann_first.id, "Will there be lessons for adults, too?")
    store.delete(kim, gone.id)


def _look(channel: Channel) -> None:
    from rostrum.areas.archive.capturing import look_at

    look_at(channel_queries.channel_by_id(channel.public_id), clock=timezone.now)


def _assessment(persons: dict[str, User]) -> None:
    """The threat waits for the moderator, its evidence taken."""
    for item in Item.objects.filter(kind="comment"):
        if "hurt him" in archive.latest_version(item).text:
            moderation.look_and_open(item_id=item.public_id, actor=persons["owen"], now=timezone.now())


def _answered_request(persons: dict[str, User]) -> None:
    """A request answered from end to end: one comment released, its telephone number withheld and seen by two."""
    ida, sam, now = persons["ida"], persons["sam"], timezone.now()
    request = disclosure.receive_request(
        via="word",
        wants="Comments by residents who offered to volunteer at the Memorial Park pool.",
        actor=ida.public_id,
        now=now,
    ).request
    answer = request.public_id
    disclosure.acknowledge_request(request_id=answer, actor=ida, now=now)
    disclosure.run_search(request_id=answer, query=SearchQuery(text="volunteer"), actor=ida, now=now)
    disclosure.start_review(request_id=answer, actor=ida, now=now)
    exemption = "private-person"
    for record in request.records.select_related("version"):
        text = record.version.text
        phone = [word for word in marking.words(text, ()) if word.suggested]
        cuts = [("text", phone[0].start, phone[-1].end)] if phone else []
        if cuts:
            made = disclosure.propose_redactions(
                record_id=record.public_id,
                cuts=cuts,
                exemption=exemption,
                reason="A resident's own telephone number.",
                actor=ida,
                now=now,
            )
            disclosure.second_redaction(redaction_id=made[0].public_id, actor=sam, now=now)
        disclosure.decide_record(record_id=record.public_id, choice="redact" if cuts else "release", actor=ida, now=now)
    disclosure.issue_determination(request_id=answer, actor=ida, now=timezone.now())
    disclosure.ask_production(request_id=answer, actor=ida, now=timezone.now())
    ledger.sequence(timezone.now())  # a production proves each record's place in the tree
    _run_worker()
    disclosure.close_request(request_id=answer, actor=ida, now=timezone.now())


def _request(now: datetime) -> None:
    """A request from the public form waits for the custodian."""
    disclosure.receive_request(
        via="form",
        wants="All comments about the Memorial Park pool on the city's channels, with everything that was removed.",
        requester_name="Carla Nowak, Valley Courier",
        actor="public",
        now=now,
    )


def _run_worker() -> None:
    """Do what the acts have queued: publishing, comparing, sequencing."""
    Worker(clock=timezone.now).run_until_idle()
