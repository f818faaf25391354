"""Whether a log-in works: signed in with by the product itself, or by a person where it cannot; its one-time codes."""

from datetime import datetime

from django.db import transaction

from rostrum.areas.channels import custody, pack, queries
from rostrum.areas.channels.events import custody as events
from rostrum.areas.channels.models import Channel, Credential
from rostrum.areas.channels.operations.custody import TEST_JOB
from rostrum.areas.channels.operations.log_in_disclosure import close_rotation
from rostrum.areas.channels.operations.rows import locked
from rostrum.areas.channels.queries import custody as reads
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people.models import User
from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.one_time_codes import Code, code_at, read_seed


@transaction.atomic
def ask_log_in_test(*, channel_id: str, actor: User, now: datetime) -> Credential:
    """Have the worker sign in with the log-in in custody. No official act by itself: what came of it is recorded.

    Raises `Refused` without the right, a log-in, or a connector.
    """
    channel = locked(channel_id)
    credential = _in_force(channel, actor, now)
    if not reads.has_connector(channel):
        raise pack.refusal(
            "no-connector",
            f"Rostrum cannot sign in on {channel.platform}: sign in there yourself, and say that you did.",
        )
    jobs.enqueue(
        TEST_JOB, {"credential": credential.public_id}, now=now, unique_key=f"{TEST_JOB}:{credential.public_id}"
    )
    return credential


@transaction.atomic
def note_log_in_test(*, credential_id: str, trouble: str, actor: str, now: datetime) -> Credential | None:
    """Note how the product's own signing in went: `trouble` is a code of `connectors.interface.Trouble`, "" for none.

    None when the log-in was replaced meanwhile, so that the answer is about nothing any more.
    """
    credential = Credential.objects.select_for_update().select_related("channel").get(public_id=credential_id)
    if credential.replaced_at is not None:
        return None
    channel = credential.channel
    if trouble:
        credential.failed_at, credential.failure = now, trouble
        credential.save(update_fields=["failed_at", "failure"])
        event: events.CredentialFailed | events.CredentialTested = events.CredentialFailed(
            channel=channel.public_id, credential=credential.public_id, trouble=trouble
        )
        ledger.record(event, actor=actor, now=now)
        return credential
    _passed(credential, how="connector", by=None, now=now)
    event = events.CredentialTested(channel=channel.public_id, credential=credential.public_id, how="connector")
    ledger.record(event, actor=actor, now=now)
    close_rotation(channel, actor, now)
    return credential


@transaction.atomic
def attest_log_in(*, channel_id: str, actor: User, now: datetime) -> Credential:
    """Say that one signed in on the platform with the log-in in custody, where the product has no way to do it.

    Raises `Refused` without the right or a log-in, and where the product can sign in itself.
    """
    channel = locked(channel_id)
    credential = _in_force(channel, actor, now)
    if reads.has_connector(channel):
        raise pack.refusal("has-connector", "Rostrum signs in there itself: have it test the log-in.")
    _passed(credential, how="person", by=actor, now=now)
    ledger.record(
        events.CredentialTested(channel=channel.public_id, credential=credential.public_id, how="person"),
        actor=actor.public_id,
        now=now,
    )
    close_rotation(channel, actor.public_id, now)
    return credential


def _in_force(channel: Channel, actor: User, now: datetime) -> Credential:
    reads.may_deposit(channel, actor=actor, now=now).or_refuse()
    credential = channel.credentials.select_for_update().filter(replaced_at=None).first()
    if credential is None:
        raise pack.refusal("no-credential", "Its log-in is not in custody yet.")
    return credential


def _passed(credential: Credential, *, how: str, by: User | None, now: datetime) -> None:
    credential.tested_at, credential.tested_how, credential.tested_by = now, how, by
    credential.failed_at, credential.failure = None, ""
    credential.save(update_fields=["tested_at", "tested_how", "tested_by", "failed_at", "failure"])


@transaction.atomic
def show_one_time_code(*, channel_id: str, actor: User, now: datetime) -> Code:
    """The one-time code that is good now; that it was shown is recorded, the seed is never.

    Raises `Refused`: no right to the log-in, no seed in custody, its key missing.
    """
    channel = locked(channel_id)
    reads.may_see_codes(channel, actor=actor, now=now).or_refuse()
    credential = queries.credential_in_force(channel)
    if credential is None or custody.SEED_FIELD not in credential.parts:
        raise pack.refusal("no-seed", "No seed of one-time codes is in custody for this channel.")
    secret = reads.open_secret(channel, credential)
    try:
        code = code_at(read_seed(secret[custody.SEED_FIELD]), now)
    except (InvalidInput, KeyError):
        raise pack.refusal("no-seed", "The seed in custody makes no codes: deposit it again.") from None
    ledger.record(
        events.OneTimeCodeShown(channel=channel.public_id, credential=credential.public_id),
        actor=actor.public_id,
        now=now,
    )
    return code
