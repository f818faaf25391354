"""What tests about channels start from: a body under its packs, its persons, channels at any point of their life."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from rostrum.areas.channels import operations, pack, queries
from rostrum.areas.channels.models import AllowedApplication, Channel, PageCheck
from rostrum.areas.channels.queries import access
from rostrum.areas.channels.rules.apps import app_key
from rostrum.areas.governance import operations as governance
from rostrum.areas.people.models import Unit, User
from rostrum.areas.people.rules import Role
from rostrum.connectors import registry
from rostrum.connectors.square.client import SquareConnector
from rostrum.connectors.square.server import application
from rostrum.connectors.square.store import SquareStore
from tests.people import a_person, a_unit
from tests.simulators.misbehaving import MisbehavingTransport
from tests.terms import reviewed

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
GOAL = "Recreation for everybody"
ELEMENTS = {
    "maintained_by": "Maintained by the City of Wausau under its Social Media Policy.",
    "policy_link": "https://wausau.example.gov/social-media-policy",
    "comment_policy": "Comments are removed only on the policy's listed grounds.",
    "blocking_notice": "Breaking the comment policy leads to blocking.",
    "stated_purpose": "News of the city.",
    "official_contact": "City Hall, 407 Grant Street",
    "official_site_link": "https://wausau.example.gov",
}


def a_body(*packs: str, name: str = "City of Wausau") -> None:
    """A body that works under these packs (default: Wausau's)."""
    packs = packs or ("wausau-city",)
    is_agency = any(pack.startswith("dma") for pack in packs)
    governance.establish_body(name=name, kind="state_agency" if is_agency else "city", actor="system", now=NOW)
    governance.activate_packs(
        packs=packs,
        effective_on={pack: date(2026, 1, 1) for pack in packs},
        reference="Resolution 26-001",
        actor="system",
        now=NOW,
    )
    if pack.goals_clause():
        # Chapter 480 lets a channel serve only a goal that the agency lists.
        governance.set_choice(key="body.goals", value=[GOAL], reason="Our plan", actor="system", now=NOW)


@dataclass
class Staff:
    """The persons of the story; `spokesperson` writes for `unit`."""

    unit: Unit
    spokesperson: User
    coordinator: User
    head: User
    public_affairs: User


def a_staff(unit: Unit | None = None) -> Staff:
    """One person per role that channels and posts need."""
    unit = unit or a_unit()
    return Staff(
        unit=unit,
        spokesperson=a_person(Role.POSTER, name="Sam Spokesperson", unit=unit, over=unit),
        coordinator=a_person(Role.COORDINATOR, name="Casey Coordinator"),
        head=a_person(Role.DEPARTMENT_HEAD, name="Dana Head", unit=unit, over=unit),
        public_affairs=a_person(Role.PUBLIC_AFFAIRS, name="Pat Affairs"),
    )


def a_requested_channel(staff: Staff, **overrides: Any) -> Channel:
    """A channel the spokesperson asked for on the sample square."""
    values: dict[str, Any] = {
        "platform": "square",
        "handle": "wausau-parks",
        "name": "Wausau Parks",
        "unit": staff.unit,
        "purpose": "Tell residents what happens in the parks",
        "mission_goal": GOAL,
        "serves": _serves(),
        "capture_plan": "Through its connector, every fifteen minutes",
        "risk_acknowledged": True,
        "actor": staff.head,
        "now": NOW,
    }
    return operations.request_channel(**(values | overrides))


def _serves() -> list[str]:
    """One of the purposes that the packs in force list, if they list any."""
    return [code for code, _ in pack.purposes()][:1]


def a_reviewed_channel(staff: Staff, **overrides: Any) -> Channel:
    """A channel whose platform's terms were read by the one who asked, signed, and accepted."""
    return reviewed(staff, a_requested_channel(staff, **overrides), now=overrides.get("now", NOW))


def an_opened_channel(staff: Staff, service: str = "http://square.test", **overrides: Any) -> Channel:
    """A channel approved by the coordinator and opened by the one who asked."""
    channel = a_reviewed_channel(staff, **overrides)
    allow_the_connector(channel, staff)
    operations.approve_channel(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)
    return operations.open_channel(
        channel_id=channel.public_id,
        registered_email="parks@wausau.example.gov",
        connection={"service": service} if channel.platform_id == "square" else {},
        actor=staff.head,
        now=NOW,
    )


def a_live_channel(staff: Staff, token: str = "token-of-the-parks-channel", **overrides: Any) -> Channel:
    """A channel that speaks: opened, its log-in in custody, its page seen."""
    channel = an_opened_channel(staff, **overrides)
    operations.deposit_credential(
        channel_id=channel.public_id, secret={"token": token}, actor=staff.coordinator, now=NOW
    )
    return let_it_speak(channel, staff)


def let_it_speak(channel: Channel, staff: Staff, *, now: datetime = NOW) -> Channel:
    """Describe a channel whose log-in is held, look at its page, and let it go live."""
    allow_the_connector(channel, staff, now=now)
    operations.describe_channel(channel_id=channel.public_id, **ELEMENTS, actor=staff.head, now=now)
    see_the_page(channel, staff.coordinator, now=now)
    return operations.go_live(channel_id=channel.public_id, actor=staff.coordinator, now=now)


def allow_the_connector(channel: Channel, staff: Staff, *, now: datetime = NOW) -> None:
    """Have the connector to the channel's platform on the list of allowed applications; straight into the tables."""
    name = access.connector_name(channel.platform_id)
    if name:
        AllowedApplication.objects.get_or_create(
            name_key=app_key(name),
            platform=channel.platform_id,
            withdrawn_at=None,
            defaults={
                "name": name,
                "purpose": "Publishing and capture",
                "is_connector": True,
                "proposed_by": staff.coordinator,
                "proposed_at": now,
                "coordinator": staff.coordinator,
                "coordinator_at": now,
                "it": staff.head,
                "it_at": now,
            },
        )


def see_the_page(channel: Channel, actor: User, *, now: datetime = NOW, **overrides: Any) -> PageCheck:
    """A look at the page that finds every element."""
    channel.refresh_from_db()
    seen = {element.code: "About section" for element in queries.page_elements(channel)}
    values = {"seen": seen, "picture": a_picture()} | overrides
    return operations.check_page(channel_id=channel.public_id, actor=actor, now=now, **values)


def a_picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    """A small picture of a page."""
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()


@dataclass
class Square:
    """The sample square with one channel on it, and the line to it, which misbehaves when told to."""

    store: SquareStore
    transport: MisbehavingTransport
    token: str
    handle: str

    def posts(self) -> list[str]:
        """The texts that stand on the channel's page now."""
        return [post.text for post in self.store.posts(self.handle)]


@contextmanager
def a_square(folder: Path, monkeypatch: pytest.MonkeyPatch, handle: str = "wausau-parks") -> Iterator[Square]:
    """A sample square in this process; every connector to the square goes to it, with the log-in from custody."""
    store = SquareStore(folder)
    token = store.create_channel(handle, "Wausau Parks", "The parks of Wausau")
    transport = MisbehavingTransport(httpx.WSGITransport(application(folder)))
    opened = registry.PLATFORMS["square"].open

    def open_here(settings: Any, secret: Any) -> SquareConnector:
        assert opened is not None
        return SquareConnector(settings, secret, transport=transport)

    spec = registry.PLATFORMS["square"]
    changed = type(spec)(
        **{name: getattr(spec, name) for name in ("code", "name", "settings", "secrets")}, open=open_here
    )
    monkeypatch.setitem(registry.PLATFORMS, "square", changed)
    yield Square(store, transport, token, handle)
