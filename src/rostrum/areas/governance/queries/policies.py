"""The body's policy texts and the policies beside them, with the version of each that is in force."""

from collections.abc import Iterable
from dataclasses import dataclass

from rostrum.areas.governance.models import PolicyDocument, PolicyReading, PolicyText
from rostrum.areas.governance.queries import packs
from rostrum.areas.people.models import User
from rostrum.policy.packs import Layer, Pack

RELATED = "governance.related-policies"
POLICY_READ = "security.policy-read"


@dataclass(frozen=True, slots=True)
class Listed:
    """A policy that stays in force beside the body's own: what it is, which clauses ask for it, its version in force.

    `document` is None while nobody has entered a version of what a pack names; then there is no link either.
    """

    pack: str
    related: str
    kind: str
    title: str
    citation: str
    clauses: tuple[str, ...]
    document: PolicyDocument | None
    text: PolicyText | None

    @property
    def key(self) -> str:
        """How pages name it: the document's id, or where the pack lists it."""
        return self.document.public_id if self.document else f"{self.pack}:{self.related}"


def text_in_force(document: PolicyDocument) -> PolicyText | None:
    """The version of a document that counts now, or None."""
    return document.texts.filter(in_force_at__isnull=False).order_by("-in_force_at", "-number").first()


def own_document(pack: str) -> PolicyDocument | None:
    """The document in which the body keeps the pack's own text, or None before the text was entered."""
    return PolicyDocument.objects.filter(pack=pack, related="").first()


def own_packs() -> tuple[Pack, ...]:
    """The packs in force whose document people are given to read: policies, standards, guidelines, conduct."""
    if packs.activation() is None:
        return ()
    read = (Layer.POLICY, Layer.CONDUCT, Layer.STANDARD, Layer.ADVICE)
    return tuple(pack for pack in packs.policy().packs if pack.layer in read)


def related_policies(kinds: Iterable[str] | None = None) -> list[Listed]:
    """The policies that stay in force, as the packs name them and the body adds to them; of these kinds, where given.

    Loading a pack switches off no other policy: what one pack lists is listed whatever the others say (WAU-related-01).
    """
    wanted = None if kinds is None else set(kinds)
    documents = list(PolicyDocument.objects.filter(withdrawn_at=None).exclude(pack__gt="", related=""))
    by_place = {(one.pack, one.related): one for one in documents}
    in_force: dict[int, PolicyText] = {}
    for text in PolicyText.objects.filter(document__in=documents, in_force_at__isnull=False).order_by("in_force_at"):
        in_force[text.document_id] = text
    asked = _asked()
    found = []
    for pack in packs.policy().packs if packs.activation() is not None else ():
        for one in pack.related:
            document = by_place.pop((pack.id, one.id), None)
            current = in_force.get(document.pk) if document else None
            clauses = tuple(asked.get(one.kind, ()))
            found.append(Listed(pack.id, one.id, one.kind, one.title, one.citation, clauses, document, current))
    for document in documents:
        if not document.pack:
            clauses = tuple(asked.get(document.kind, ()))
            kept = in_force.get(document.pk)
            found.append(Listed("", "", document.kind, document.title, document.citation, clauses, document, kept))
    return [one for one in found if wanted is None or one.kind in wanted]


def unlisted_kinds() -> dict[str, tuple[str, ...]]:
    """Kinds of policy that clauses in force refer to and that nobody lists: kind → clauses. The list wants them."""
    listed = {one.kind for one in related_policies()}
    return {kind: tuple(clauses) for kind, clauses in _asked().items() if kind not in listed}


def _asked() -> dict[str, list[str]]:
    """Which clauses in force refer to which kind of policy."""
    asked: dict[str, list[str]] = {}
    for control in (RELATED, POLICY_READ):
        for bound in packs.policy().bound_to(control) if packs.activation() is not None else ():
            kinds = bound.binding.parameters.get("kinds", [])
            for kind in kinds if isinstance(kinds, list) else ():
                asked.setdefault(str(kind), []).append(bound.clause.id)
    return asked


@dataclass(frozen=True, slots=True)
class ToRead:
    """A policy that whoever holds a right confirms having read, and whether this person did, for its version now."""

    listed: Listed
    clauses: tuple[str, ...]
    reading: PolicyReading | None


def policies_to_read(person: User) -> list[ToRead]:
    """The network and device policies that stand beside a right on a channel, and the person's confirmation of each."""
    if packs.activation() is None:
        return []
    asked: dict[str, list[str]] = {}
    for bound in packs.policy().bound_to(POLICY_READ):
        kinds = bound.binding.parameters.get("kinds", [])
        for kind in kinds if isinstance(kinds, list) else ():
            asked.setdefault(str(kind), []).append(bound.clause.id)
    found = related_policies(asked)
    texts = [one.text for one in found if one.text is not None]
    read = {one.text_id: one for one in PolicyReading.objects.filter(person=person, text__in=texts)}
    return [ToRead(one, tuple(asked[one.kind]), read.get(one.text.pk) if one.text else None) for one in found]
