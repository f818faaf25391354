"""Custody: what changes a sealed log-in, and word of a change that is not in custody yet."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from rostrum.areas.channels import custody, pack, queries, rules, strength
from rostrum.areas.channels.events import custody as events
from rostrum.areas.channels.models import ChangeReport, Channel, Credential, SecretMark
from rostrum.areas.channels.operations.rows import locked, move
from rostrum.areas.channels.queries import custody as reads
from rostrum.areas.channels.rules import ChannelAct, ChannelState
from rostrum.areas.channels.rules import custody as custody_rules
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.governance import clocks
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.ledger.rules import instant_text
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.connectors.keystore import Sealed
from rostrum.kernel.decisions import Decision, InvalidInput, Refused
from rostrum.kernel.one_time_codes import read_seed

DEPOSIT_DUTY = "channels.deposit-credential"
CHANGE_DUTY = "channels.record-change"
TEST_JOB = "channels.test-log-in"


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A log-in sealed and judged before the transaction begins: a key server is asked over the network."""

    before: str
    sealed: Sealed | None
    credential: str
    parts: dict[str, str]
    changed: list[str]
    # For each secret and each log-in name its marks, the one to keep first.
    of_secrets: tuple[tuple[str, ...], ...]
    of_names: tuple[tuple[str, ...], ...]
    weak: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    unkept: tuple[str, ...]
    resembles_work: str
    nothing_new: bool


def deposit_credential(
    *,
    channel_id: str,
    secret: Mapping[str, str],
    actor: User,
    now: datetime,
    changed_at: datetime | None = None,
    dropped: Collection[str] = (),
    why_shared: str = "",
) -> Credential:
    """Seal the channel's log-in into custody; the one before it is kept without its secret. Closes the deposit duty.

    `secret` has the fields that `queries.secret_fields` names; one left out or empty keeps the value in custody, unless
    `dropped` names it. `changed_at` is when it was changed on the platform, as the depositor states it (default:
    now). `why_shared` is why it cannot be kept apart from somebody's work log-in. Raises `Refused`: a field is empty or
    easy to guess, a secret was used before, the change is wrongly dated, the key is missing, wrong state or right;
    `InvalidInput` for an unknown field or an unreadable seed.
    """
    channel = _channel(channel_id)
    given = _given(channel, secret, dropped)
    if any(value in why_shared for name, value in given.items() if name not in custody.NAME_FIELDS):
        raise InvalidInput("why_shared", "Do not write a secret into the reason; it is kept for everybody to read.")
    # Asked before anything is sealed: whoever may not deposit learns nothing about keys.
    reads.may_deposit(channel, actor=actor, now=now).or_refuse()
    prepared = _prepare(channel, given, frozenset(dropped), actor, now)
    with transaction.atomic():
        return _deposit(
            channel_id=channel_id,
            prepared=prepared,
            actor=actor,
            now=now,
            changed_at=changed_at,
            dropped=dropped,
            why_shared=why_shared.strip(),
        )


def _channel(channel_id: str) -> Channel:
    """The channel with this public id, not locked. Raises `InvalidInput`."""
    try:
        return queries.channel_by_id(channel_id)
    except Channel.DoesNotExist as fault:
        raise InvalidInput("channel", f"there is no channel {channel_id}") from fault


def _given(channel: Channel, secret: Mapping[str, str], dropped: Collection[str]) -> dict[str, str]:
    fields = {field.name: field for field in reads.secret_fields(channel.platform_id)}
    if unknown := (set(secret) | set(dropped)) - set(fields):
        raise InvalidInput(sorted(unknown)[0], f"the log-in of this platform has: {', '.join(fields)}")
    for name in dropped:
        if fields[name].required:
            raise InvalidInput("dropped", f"“{fields[name].label}” is needed and cannot be left out")
        if secret.get(name, "").strip():
            raise InvalidInput("dropped", f"“{fields[name].label}” is given and left out at once; choose one")
    given = {name: value for name, value in secret.items() if value.strip()}
    if custody.SEED_FIELD in given:
        read_seed(given[custody.SEED_FIELD])
    if "recovery_codes" in given:
        lines = (line.strip() for line in given["recovery_codes"].splitlines())
        given["recovery_codes"] = "\n".join(line for line in lines if line)
    return given


def _prepare(channel: Channel, given: dict[str, str], dropped: frozenset[str], actor: User, now: datetime) -> _Prepared:
    place = custody.open_custody()
    if not Credential.objects.exists():
        # Only before the first deposit: later a missing key must be found, not replaced.
        place.make()
    fields = reads.secret_fields(channel.platform_id)
    labels = {field.name: field.label for field in fields}
    before = reads.credential_in_force(channel)
    to_keep = [name for name in (before.parts if before else {}) if name not in given and name not in dropped]
    kept, unkept = {}, ()
    if before is not None and to_keep:
        try:
            opened = reads.open_secret(channel, before)
            kept = {name: opened[name] for name in to_keep if name in opened}
        except Refused:
            unkept = tuple(labels.get(name, name) for name in to_keep)
    values = kept | given
    secrets = {name: value for name, value in given.items() if name not in custody.NAME_FIELDS}
    names = {name: value for name, value in given.items() if name in custody.NAME_FIELDS}
    marks = place.marks([*secrets.values(), *(f"{name}\n{value.casefold()}" for name, value in names.items())])
    weak = strength.weak_fields(secrets, channel)
    prepared = Credential(channel=channel)
    since = {name: before.parts[name] for name in kept} if before else {}
    since |= dict.fromkeys(given, instant_text(now))
    is_whole = not unkept and bool(values)
    return _Prepared(
        before=before.public_id if before else "",
        sealed=place.seal(values, channel=channel.public_id, credential=prepared.public_id) if is_whole else None,
        credential=prepared.public_id,
        parts={name: since[name] for name in labels if name in since},
        changed=sorted(given),
        of_secrets=tuple(marks[: len(secrets)]),
        of_names=tuple(marks[len(secrets) :]),
        weak=tuple((labels[name], why) for name, why in weak.items()),
        missing=tuple(
            field.label for field in fields if field.required and field.name not in values and field.name not in to_keep
        ),
        unkept=unkept,
        resembles_work=_resembles_work(names, secrets, actor),
        nothing_new=before is not None and not given and not dropped & set(before.parts),
    )


def _resembles_work(names: Mapping[str, str], secrets: Mapping[str, str], actor: User) -> str:
    """What the log-in shares with somebody's work log-in, in words; "" for nothing. Passwords are compared by hash."""
    said = []
    for value in names.values():
        person = reads.person_with_work_log_in(value)
        if person is not None:
            said.append(f"The log-in name is the work log-in of {person.name}.")
    if any(actor.check_password(value) for name, value in secrets.items() if name in ("password", "site_password")):
        said.append("The password is the one you sign in to Rostrum with.")
    return " ".join(said)


def _deposit(
    *,
    channel_id: str,
    prepared: _Prepared,
    actor: User,
    now: datetime,
    changed_at: datetime | None,
    dropped: Collection[str],
    why_shared: str,
) -> Credential:
    channel = locked(channel_id)
    before = channel.credentials.select_for_update().filter(replaced_at=None).first()
    if (before.public_id if before else "") != prepared.before:
        raise pack.refusal("changed-meanwhile", "Somebody else deposited a log-in just now: look, and do it again.")
    report = reads.open_change(channel)
    stated = changed_at or now
    others = SecretMark.objects.exclude(credential__channel=channel)
    facts = custody_rules.DepositFacts(
        state=ChannelState(channel.state),
        may_deposit=reads.may_deposit(channel, actor=actor, now=now),
        missing=prepared.missing,
        weak=prepared.weak,
        used_before=SecretMark.objects.filter(mark__in=_flat(prepared.of_secrets)).exists()
        or others.filter(mark__in=_flat(prepared.of_names)).exists(),
        now=now,
        changed_at=stated,
        changed_before=before.changed_at if before else None,
        nothing_new=prepared.nothing_new,
        unkept=prepared.unkept,
        resembles_work=prepared.resembles_work,
        why_shared=why_shared,
        clauses=pack.clauses_if_any(),
    )
    rules.decide_deposit(facts).or_refuse()
    if prepared.sealed is None:
        raise InvalidInput("secret", "there is nothing to seal")

    # The earlier of the two times counts: what was reported first cannot be put off by stating a later one.
    began = min(stated, report.changed_at) if report else stated
    due_at = clocks.deadline(pack.change_within(), began).due_at if before else None
    if before is not None:
        before.sealed, before.replaced_at = b"", now
        before.save(update_fields=["sealed", "replaced_at"])
    credential = Credential.objects.create(
        public_id=prepared.credential,
        channel=channel,
        sealed=prepared.sealed.data,
        key_id=prepared.sealed.key_id,
        parts=prepared.parts,
        deposited_by=actor,
        deposited_at=now,
        changed_at=began,
        due_at=due_at,
        shared_with_work=_shared_code(prepared.resembles_work),
        why_shared=why_shared if prepared.resembles_work else "",
    )
    # The channel's own log-in name may be known already, under this key or a former one.
    known = set(SecretMark.objects.filter(mark__in=_flat(prepared.of_names)).values_list("mark", flat=True))
    marks = {one[0] for one in prepared.of_secrets} | {one[0] for one in prepared.of_names if not known & set(one)}
    SecretMark.objects.bulk_create([SecretMark(credential=credential, mark=mark) for mark in sorted(marks)])
    move(channel, ChannelAct.DEPOSIT)
    ledger.record(
        events.CredentialDeposited(
            channel=channel.public_id,
            credential=credential.public_id,
            replaces=before.public_id if before else "",
            changed=prepared.changed,
            dropped=sorted(dropped),
            changed_at=instant_text(began),
            due_at=instant_text(due_at) if due_at else "",
            was_late=credential.was_late,
            resembles_work=credential.shared_with_work,
            why_shared=credential.why_shared,
        ),
        actor=actor.public_id,
        now=now,
    )
    if report is not None:
        report.closed_at, report.recorded_by = now, credential
        report.save(update_fields=["closed_at", "recorded_by"])
    for kind in (DEPOSIT_DUTY, CHANGE_DUTY):
        for duty in duty_queries.open_duties(kind=kind, subject=channel.public_id):
            duties.close_duty(duty_id=duty.public_id, evidence=credential.public_id, actor=actor.public_id, now=now)
    if credential.was_late:
        _tell_coordinators(channel, credential, now)
    if reads.has_connector(channel):
        jobs.enqueue(
            TEST_JOB,
            {"credential": credential.public_id},
            now=now,
            unique_key=f"{TEST_JOB}:{credential.public_id}",
        )
    return credential


def _flat(marks: tuple[tuple[str, ...], ...]) -> list[str]:
    return [mark for one in marks for mark in one]


def _shared_code(resembles: str) -> str:
    return " ".join(
        code for code, words in (("name", "log-in name"), ("password", "password")) if words in resembles.casefold()
    )


def _tell_coordinators(channel: Channel, credential: Credential, now: datetime) -> None:
    text = (
        f"The log-in of {channel.name} was changed on its platform and recorded after its time.\n\n"
        f"Changed: {credential.changed_at:%Y-%m-%d %H:%M} UTC\nDue: {credential.due_at:%Y-%m-%d %H:%M} UTC\n"
        f"Recorded: {credential.deposited_at:%Y-%m-%d %H:%M} UTC by {credential.deposited_by.name}\n"
    )
    for person in people.persons_with(Role.COORDINATOR, now=now):
        jobs.enqueue(
            "mail.send",
            {"to": person.email, "subject": f"Recorded late: the log-in of {channel.name}", "text": text},
            now=now,
        )


@transaction.atomic
def report_change(*, channel_id: str, changed_at: datetime, actor: User | None, now: datetime) -> ChangeReport:
    """Say that the log-in was changed on its platform and is not in custody yet; it is owed from then on.

    `actor` is None where the product itself noticed (the platform no longer takes the log-in). Raises `Refused`: no
    right, nothing in custody, reported already, wrongly dated.
    """
    channel = locked(channel_id)
    facts = reads.change_facts(channel, changed_at=changed_at, actor=actor, now=now)
    custody_rules.decide_change_report(facts).or_refuse()

    deadline = clocks.deadline(pack.change_within(), changed_at)
    report = ChangeReport.objects.create(
        channel=channel, changed_at=changed_at, due_at=deadline.due_at, reported_by=actor, reported_at=now
    )
    by = actor.public_id if actor else "system"
    ledger.record(
        events.ChangeReported(
            channel=channel.public_id,
            change=report.public_id,
            changed_at=instant_text(changed_at),
            due_at=instant_text(deadline.due_at),
            how="reported" if actor else "noticed",
        ),
        actor=by,
        now=now,
    )
    duties.open_duty(
        kind=CHANGE_DUTY,
        title=f"Deposit the changed log-in of {channel.name}",
        owner_role=Role.COORDINATOR,
        owner=actor,
        due_at=deadline.due_at,
        subject=channel.public_id,
        clause=pack.clauses().get("custody.change-recorded", ""),
        clock=deadline.clock,
        actor=by,
        now=now,
    )
    return report


@transaction.atomic
def deny_change(*, channel_id: str, reason: str, actor: User | None, now: datetime) -> ChangeReport:
    """Say that nothing was changed after all, and how that is known; closes the duty. Raises `Refused`.

    `actor` is None where the product itself saw the log-in work again.
    """
    channel = locked(channel_id)
    report = channel.change_reports.select_for_update().filter(closed_at=None).first()
    may = reads.may_deposit(channel, actor=actor, now=now) if actor else Decision()
    custody_rules.decide_no_change(
        may_report=may, is_open=report is not None, reason=reason, clauses=pack.clauses()
    ).or_refuse()
    if report is None:
        raise InvalidInput("change", "no change is reported")

    report.closed_at, report.unchanged_reason = now, reason.strip()
    report.save(update_fields=["closed_at", "unchanged_reason"])
    by = actor.public_id if actor else "system"
    ledger.record(
        events.ChangeDenied(channel=channel.public_id, change=report.public_id, reason=report.unchanged_reason),
        actor=by,
        now=now,
    )
    for duty in duty_queries.open_duties(kind=CHANGE_DUTY, subject=channel.public_id):
        duties.close_duty(duty_id=duty.public_id, evidence=report.public_id, actor=by, now=now)
    return report
