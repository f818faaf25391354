"""Certifications: who owes which, how it stands, what is overdue."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from rostrum.areas.governance import scope
from rostrum.areas.governance.models import OPEN_STATES, Certification, PolicyDocument, PolicyText
from rostrum.areas.governance.queries import packs, policies
from rostrum.areas.governance.rules.acknowledgements import CertificationState, CertifyFacts
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.kernel.decisions import InvalidInput
from rostrum.policy.packs import CertificationForm

ANYONE, COVERED = "anyone", "covered"


def forms() -> tuple[CertificationForm, ...]:
    """The certifications that the policy in force asks for; none before it is."""
    return packs.policy().certifications if packs.activation() is not None else ()


def form_called(form_id: str) -> CertificationForm:
    """The form with this id. Raises `InvalidInput` when the policy in force has none."""
    for form in forms():
        if form.id == form_id:
            return form
    raise InvalidInput("form", f"{form_id!r} is no certification that the policy in force asks for")


def form_words(certification: Certification) -> CertificationForm | None:
    """The form a certification is of, where the policy in force still asks for it."""
    return next((form for form in forms() if form.id == certification.form), None)


def document_of(form: CertificationForm) -> PolicyDocument | None:
    """The document that the form certifies, or None before its text was entered."""
    return PolicyDocument.objects.filter(pack=form.pack, related=form.document).first()


def text_of(form: CertificationForm) -> PolicyText | None:
    """The version in force of what the form certifies, or None before there is one."""
    document = document_of(form)
    return policies.text_in_force(document) if document else None


def covers(form: CertificationForm, person: User) -> bool:
    """Whether the form is for this person, by class of work and unit."""
    unit = f"{person.unit.slug} {person.unit.name}" if person.unit else ""
    return _covers(form, _pack(form), scope.PersonFacts(person.employment_class, unit))


@lru_cache(maxsize=4096)
def _covers(form: CertificationForm, pack_digest: str, person: scope.PersonFacts) -> bool:
    del pack_digest  # part of the key: another version of the pack may cover others
    if person.employment_class in form.covers:
        return True
    if ANYONE in form.covers:
        return True
    if COVERED not in form.covers:
        return False
    pack = next(pack for pack in packs.policy().packs if pack.id == form.pack)
    found = scope.coverage_under(pack, person)
    return found is not None and found.is_covered


def _pack(form: CertificationForm) -> str:
    return next(pack.digest for pack in packs.policy().packs if pack.id == form.pack)


def of_person(person: User) -> QuerySet[Certification]:
    """Everything the person was given to certify, what is owed first."""
    found = Certification.objects.filter(person=person).select_related("text__document")
    return found.order_by("certified_at", "due_at", "pk")


def owed_by(person: User) -> QuerySet[Certification]:
    """What the person still owes, soonest first."""
    return of_person(person).filter(state__in=OPEN_STATES).order_by("due_at", "pk")


def certification_of(person: User, form: CertificationForm) -> Certification | None:
    """The person's certification of the version in force, whatever its state; None when it was not delivered."""
    text = text_of(form)
    if text is None:
        return None
    found = Certification.objects.filter(person=person, form=form.id, text=text)
    return found.exclude(state=CertificationState.ENDED).first()


def is_certified(person: User, form: CertificationForm) -> bool:
    """Whether the person has certified the version in force."""
    found = certification_of(person, form)
    return found is not None and found.state == CertificationState.CERTIFIED


def visible_certifications(person: User, *, now: datetime) -> QuerySet[Certification]:
    """The certifications whose return this person may follow: all of them, or those of a department."""
    scope_ = people.reach(person, Permission.CHASE_ACKNOWLEDGEMENTS, reading=True, now=now)
    found = Certification.objects.filter(scope_.where(unit="person__unit"))
    return found.select_related("person__unit", "text__document", "received_by")


def overdue_certifications(*, now: datetime) -> QuerySet[Certification]:
    """What is owed and late, the longest late first."""
    found = Certification.objects.filter(state__in=OPEN_STATES, due_at__lt=now)
    return found.select_related("person__unit", "text__document").order_by("due_at", "pk")


def undelivered(*, now: datetime) -> Iterator[tuple[User, CertificationForm, PolicyText]]:
    """Who is covered by a form and was not given its version in force yet."""
    for form in forms():
        text = text_of(form)
        if text is None:
            continue
        given = Certification.objects.filter(form=form.id, text=text).exclude(state=CertificationState.ENDED)
        for person in people.persons_present(now=now).exclude(pk__in=given.values("person")):
            if covers(form, person):
                yield person, form, text


def to_end(*, now: datetime) -> Iterator[tuple[Certification, str]]:
    """What is no longer owed, and why: a new version is in force, the person left, or is not covered any more."""
    asked: Mapping[str, tuple[CertificationForm, PolicyText | None]] = {one.id: (one, text_of(one)) for one in forms()}
    for found in Certification.objects.filter(state__in=OPEN_STATES).select_related("person__unit", "text"):
        form, text = asked.get(found.form, (None, None))
        if not people.is_present(found.person, now=now):
            yield found, "left"
        elif form is None or not covers(form, found.person):
            yield found, "not-covered"
        elif text is None or found.text_id != text.pk:
            yield found, "new-version"


def has_deliveries(*, now: datetime) -> bool:
    """Whether something is to be delivered or ended: what the job asks before it is queued."""
    return next(undelivered(now=now), None) is not None or next(to_end(now=now), None) is not None


def legal_day(now: datetime) -> date:
    """The civil day where the body is."""
    return now.astimezone(ZoneInfo(settings.LEGAL_TIME_ZONE)).date()


def certify_facts(
    found: Certification,
    *,
    actor: User,
    ticked: tuple[str, ...] = (),
    typed_name: str = "",
    signed_on: date | None = None,
    has_proof: bool = False,
    now: datetime,
) -> CertifyFacts:
    """What the certification by this person depends on; without the signature, what offering it depends on."""
    form = form_words(found)
    text = text_of(form) if form else None
    return CertifyFacts(
        state=CertificationState(found.state),
        is_own=found.person_id == actor.pk,
        is_current=text is not None and text.pk == found.text_id,
        asked=tuple(one.id for one in form.statements) if form else (),
        ticked=ticked,
        typed_name=typed_name,
        name=actor.name,
        signed_on=signed_on,
        today=legal_day(now),
        has_proof=has_proof,
        read_first_clause=form.read_first_clause if form else "",
        signature_clause=form.signature_clause if form else "",
    )


def is_late(found: Certification, *, now: datetime) -> bool:
    """Whether it came back, or is still out, after its due instant. A paper counts by the day it came in."""
    if found.state == CertificationState.ENDED:
        return False
    if found.certified_at is not None:
        return found.certified_at > found.due_at
    return now > found.due_at


def search(
    found: QuerySet[Certification], *, words: str = "", standing: str = "", now: datetime
) -> QuerySet[Certification]:
    """Certifications narrowed by name or department, and by how they stand: overdue, open, certified, ended."""
    if words:
        match = Q(person__name__icontains=words) | Q(person__email__icontains=words)
        found = found.filter(match | Q(person__unit__name__icontains=words))
    match standing:
        case "overdue":
            return found.filter(state__in=OPEN_STATES, due_at__lt=now)
        case "open":
            return found.filter(state__in=OPEN_STATES)
        case "certified":
            return found.filter(state=CertificationState.CERTIFIED)
        case "ended":
            return found.filter(state=CertificationState.ENDED)
    return found
