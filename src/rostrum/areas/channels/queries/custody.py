"""The log-ins in custody: what is there, whether it can be read, what is owed, and the connector that uses it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Prefetch, QuerySet

from rostrum.areas.channels import custody, pack
from rostrum.areas.channels.models import ChangeReport, Channel, Credential
from rostrum.areas.channels.rules import ChannelState
from rostrum.areas.channels.rules import custody as rules
from rostrum.areas.governance.queries import capture_choice
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.connectors import registry
from rostrum.connectors.interface import Connector
from rostrum.connectors.keystore import KeyStoreTrouble, Sealed
from rostrum.connectors.registry import Field
from rostrum.kernel.decisions import Decision, InvalidInput, Refused

# A platform without a connector still has a log-in that the body must hold.
_PLAIN_LOGIN = (
    Field("login", "Log-in name", "What one signs in with on the platform."),
    Field("password", "Password", "One that is used nowhere else."),
)
# What a person signs in with on a platform that a connector serves by another way.
_SITE_LOGIN = (
    Field("login", "Log-in name of the site", "What a person signs in with on the platform's own pages.", "", False),
    Field("site_password", "Password of the site", "One that is used nowhere else.", "", False),
)
_BEYOND = (
    Field("recovery_codes", "Recovery codes", "As the platform gave them, one per line.", "", False),
    Field(
        custody.SEED_FIELD,
        "Seed of one-time codes",
        "The key that the platform shows for an authenticator, or its otpauth:// address. From then on Rostrum shows "
        "the codes, and nobody the seed.",
        "",
        False,
    ),
    Field("api_token", "Other token", "A key that another program uses for the channel.", "", False),
)


def credential_in_force(channel: Channel) -> Credential | None:
    """The log-in in custody, still sealed; None when none was deposited."""
    return channel.credentials.filter(replaced_at=None).select_related("deposited_by", "tested_by").first()


def secret_fields(platform: str) -> tuple[Field, ...]:
    """What the platform's log-in may consist of: what its connector needs, and what a person signs in with."""
    spec = registry.PLATFORMS.get(platform)
    if spec is None:
        return (*_PLAIN_LOGIN, *_BEYOND)
    names = {field.name for field in spec.secrets}
    return (*spec.secrets, *(field for field in (*_SITE_LOGIN, *_BEYOND) if field.name not in names))


def has_connector(channel: Channel) -> bool:
    """Whether the product itself can sign in on the channel's platform."""
    return channel.platform_id in registry.PLATFORMS


def open_secret(channel: Channel, credential: Credential) -> dict[str, str]:
    """The log-in in the clear, for the moment it is used. Raises `Refused` when its key is not there."""
    return custody.open_custody().unseal(
        Sealed(credential.key_id, bytes(credential.sealed)),
        channel=channel.public_id,
        credential=credential.public_id,
    )


def connector_for(channel: Channel) -> Connector:
    """Open a connector with the channel's log-in from custody; nothing is asked of the platform yet.

    Raises `Refused` when no log-in is in custody or the custody key is missing or wrong, `InvalidInput` when the
    platform has no connector.
    """
    credential = credential_in_force(channel)
    if credential is None:
        raise Refused.because(
            "no-credential", "Its log-in is not in custody yet.", pack.clauses().get("custody.deposit-before-posting")
        )
    secret = open_secret(channel, credential)
    if not has_connector(channel):
        raise InvalidInput("platform", f"{channel.platform} cannot be connected to; import its own export instead")
    connection: Mapping[str, str] = channel.connection
    needed = {field.name for field in registry.PLATFORMS[channel.platform_id].secrets}
    chosen = capture_choice(channel.platform_id)
    return registry.connect(
        channel.platform_id,
        connection,
        {name: value for name, value in secret.items() if name in needed},
        method=chosen.method if chosen.is_automatic else None,
        address=chosen.address,
    )


def may_deposit(channel: Channel, *, actor: User, now: datetime) -> Decision:
    """Whether this person may deposit the channel's log-in: who opened it, who holds it by a grant, the coordinator."""
    may = people.may(
        actor,
        Permission.DEPOSIT_CREDENTIAL,
        unit=channel.unit,
        channel=channel.public_id,
        owner=channel.opened_by or channel.requested_by,
        now=now,
    )
    return pack.with_ground(may)


def may_see_codes(channel: Channel, *, actor: User, now: datetime) -> Decision:
    """Whether this person may see the channel's one-time codes: who may deposit its log-in."""
    return may_deposit(channel, actor=actor, now=now)


def open_change(channel: Channel) -> ChangeReport | None:
    """The change on the platform that is reported or noticed and not in custody yet."""
    return channel.change_reports.filter(closed_at=None).select_related("reported_by").first()


def change_facts(channel: Channel, *, changed_at: datetime, actor: User | None, now: datetime) -> rules.ChangeFacts:
    """The facts about word of a change; the product itself always may report what it noticed."""
    credential = credential_in_force(channel)
    return rules.ChangeFacts(
        state=ChannelState(channel.state),
        may_report=may_deposit(channel, actor=actor, now=now) if actor else Decision(),
        has_credential=credential is not None,
        is_open=open_change(channel) is not None,
        changed_at=changed_at,
        changed_before=credential.changed_at if credential else None,
        now=now,
        clauses=pack.clauses(),
    )


def person_with_work_log_in(name: str) -> User | None:
    """The person whose registered work log-in this is: their e-mail address, or what stands before its @."""
    name = name.strip()
    if "@" in name:
        return User.objects.filter(email__iexact=name).first()
    return User.objects.filter(email__istartswith=f"{name}@").first() if name else None


# Readable or not


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A log-in whose key is not there now: which channel, which key, what is wrong."""

    channel: Channel
    credential: Credential
    trouble: KeyStoreTrouble


def log_in_trouble(channel: Channel) -> str:
    """Why the channel's log-in cannot be read now, as a sentence; "" when it can, or when there is none."""
    credential = credential_in_force(channel)
    if credential is None:
        return ""
    try:
        trouble = custody.open_custody().trouble_with(credential.key_id)
    except Refused as refusal:
        return str(refusal)
    return custody.as_reason(trouble).message if trouble else ""


def unreadable_log_ins(*, thoroughly: bool = False) -> list[Unreadable]:
    """The log-ins in force that cannot be read now; `thoroughly` opens each, which also finds altered ones.

    Raises `Refused` when custody is not set up as the settings say.
    """
    place = custody.open_custody()
    reading = place.reading()
    found = []
    for credential in in_force():
        trouble = place.trouble_with(credential.key_id, reading)
        if trouble is None and thoroughly:
            trouble = _trouble_opening(place, credential)
        if trouble is not None:
            found.append(Unreadable(credential.channel, credential, trouble))
    return found


def _trouble_opening(place: custody.Custody, credential: Credential) -> KeyStoreTrouble | None:
    try:
        place.unseal(
            Sealed(credential.key_id, bytes(credential.sealed)),
            channel=credential.channel.public_id,
            credential=credential.public_id,
        )
    except Refused as refusal:
        cause = refusal.__cause__
        return cause if isinstance(cause, KeyStoreTrouble) else None
    return None


def in_force() -> QuerySet[Credential]:
    """Every log-in in force, by the channel's name."""
    return (
        Credential.objects.filter(replaced_at=None)
        .select_related("channel__unit", "channel__platform", "deposited_by", "tested_by")
        .order_by("channel__name", "pk")
    )


def sealed_under(key_id: str) -> QuerySet[Credential]:
    """Every log-in that still holds a secret sealed under this key."""
    return Credential.objects.filter(replaced_at=None, key_id=key_id)


def to_reseal(key_id: str) -> QuerySet[Credential]:
    """Log-ins in force that are sealed under another key than this one, in a stable order."""
    return Credential.objects.filter(replaced_at=None).exclude(key_id=key_id).order_by("pk")


# What a rotation is shown by


@dataclass(frozen=True, slots=True)
class Rotation:
    """Whether a channel's log-in was changed and signed in with since an instant.

    `unchanged` names the secret parts whose value is older; `tested_at` is None when nobody has signed in with what is
    in custody since it was deposited. `deposited_by` and `tested_by` are public ids ("" where the product tested it).
    """

    credential: str
    unchanged: tuple[str, ...]
    deposited_at: datetime | None
    deposited_by: str
    tested_at: datetime | None
    tested_how: str
    tested_by: str

    @property
    def is_shown(self) -> bool:
        """Whether every secret part is new since then, and the new log-in was tested."""
        return bool(self.credential) and not self.unchanged and self.tested_at is not None


def rotation_since(channel: Channel, instant: datetime, parts: Collection[str] | None = None) -> Rotation:
    """What shows that the channel's log-in was changed after this instant, and that the new one works.

    `parts` limits the question to some of its secret fields; without it, all of them count.
    """
    credential = credential_in_force(channel)
    if credential is None:
        return Rotation("", (), None, "", None, "", "")
    asked = custody.secret_names(credential.parts)
    if parts is not None:
        asked &= frozenset(parts)
    labels = {field.name: field.label for field in secret_fields(channel.platform_id)}
    unchanged = tuple(
        labels.get(name, name)
        for name, since in credential.parts.items()
        if name in asked and datetime.fromisoformat(since) <= instant
    )
    # A log-in deposited before parts were named: its own date says all.
    if not credential.parts and credential.deposited_at <= instant:
        unchanged = ("Log-in",)
    return Rotation(
        credential=credential.public_id,
        unchanged=unchanged,
        deposited_at=credential.deposited_at,
        deposited_by=credential.deposited_by.public_id,
        tested_at=credential.tested_at,
        tested_how=credential.tested_how,
        tested_by=credential.tested_by.public_id if credential.tested_by else "",
    )


# The overview


@dataclass(frozen=True, slots=True)
class ChangeOwed:
    """A log-in that somebody who left could reach, and that no second person confirmed as changed yet."""

    separation: str
    leaver: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """One channel in the overview of custody. Words are for the page, in the order in which they matter."""

    channel: Channel
    credential: Credential | None
    change: ChangeReport | None
    trouble: str
    is_stale: bool
    is_overdue: bool
    owed: ChangeOwed | None = None

    @property
    def is_well(self) -> bool:
        """Whether nothing is to be done."""
        return (
            self.credential is not None
            and not self.trouble
            and self.change is None
            and self.owed is None
            and not self.is_stale
            and self.credential.tested_at is not None
        )


# Not on a platform yet, or not any more.
_WITHOUT_LOG_IN = (
    ChannelState.REQUESTED,
    ChannelState.REVIEWED,
    ChannelState.APPROVED,
    ChannelState.DECLINED,
    ChannelState.CLOSED,
)


def overview(
    *, now: datetime, channels: QuerySet[Channel] | None = None, owed: Mapping[int, ChangeOwed] | None = None
) -> list[Kept]:
    """Every channel that exists on a platform, with how its log-in stands; keys are looked at once.

    `owed` are the changes that separations ask for, by the channel's key.
    """
    try:
        place = custody.open_custody()
        reading = place.reading()
        broken = ""
    except Refused as refusal:
        place, reading, broken = None, None, str(refusal)
    chosen = Channel.objects.all() if channels is None else channels
    chosen = (
        chosen.exclude(state__in=_WITHOUT_LOG_IN)
        .select_related("unit", "platform")
        .prefetch_related(
            Prefetch(
                "credentials",
                Credential.objects.filter(replaced_at=None).select_related("deposited_by", "tested_by"),
                to_attr="held",
            ),
            Prefetch("change_reports", ChangeReport.objects.filter(closed_at=None), to_attr="open_changes"),
        )
        .order_by("name", "pk")
    )
    stale_before = now - timedelta(days=pack.stale_days())
    owed_within = timedelta(hours=pack.deposit_hours())
    found = []
    for channel in chosen:
        credential: Credential | None = next(iter(channel.held), None)
        change: ChangeReport | None = next(iter(channel.open_changes), None)
        trouble = ""
        if credential is not None:
            fault = place.trouble_with(credential.key_id, reading) if place else None
            trouble = custody.as_reason(fault).message if fault else broken
        found.append(
            Kept(
                channel=channel,
                credential=credential,
                change=change,
                trouble=trouble,
                is_stale=credential is not None and _last_used(channel, credential) < stale_before,
                is_overdue=(change is not None and change.due_at < now)
                or (credential is None and channel.opened_at is not None and channel.opened_at + owed_within < now),
                owed=(owed or {}).get(channel.pk),
            )
        )
    return found


def _last_used(channel: Channel, credential: Credential) -> datetime:
    """When the log-in was last known to work: tested, or used by the connector; else when it was deposited."""
    used = [one for one in (credential.tested_at, channel.last_connected_at) if one and one >= credential.deposited_at]
    return max(used, default=credential.deposited_at).astimezone(UTC)
