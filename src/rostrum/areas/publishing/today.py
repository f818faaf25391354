"""What the publishing area puts on the Today page: what waits for one's approval, and one's own drafts sent back."""

from datetime import datetime

from django.urls import reverse

from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.areas.people.today import TodayCard, TodayItem
from rostrum.areas.publishing import queries
from rostrum.areas.publishing.models import Draft, Publication
from rostrum.areas.publishing.rules import DraftState, Outcome

_SHOWN = 8


def cards(person: User, now: datetime) -> list[TodayCard]:
    """The cards for this person; none for whoever neither writes nor approves."""
    found: list[TodayCard] = []
    if people.may(person, Permission.APPROVE_CONTENT, now=now).allowed:
        waiting = queries.waiting_for_review(person, now=now)
        found.append(_card("Posts to approve", waiting, "No post waits for your approval."))
    of_area = queries.waiting_for_area(person, now=now)
    if of_area:
        found.append(_card("About your programme areas, by others", of_area, ""))
    if people.may(person, Permission.DRAFT, now=now).allowed:
        returned = Draft.objects.filter(author=person, state=DraftState.DRAFT).exclude(returned_note="")
        found.append(_card("Returned to me", list(returned), "Nothing was returned to you."))
        stuck = Publication.objects.filter(
            outcome__in=(Outcome.FAILED, Outcome.UNCLEAR),
            revision__draft__in=queries.visible_drafts(person, now=now),
        )
        if stuck.exists():
            whole = stuck.select_related("revision__draft")
            drafts = list({one.revision.draft_id: one.revision.draft for one in whole}.values())
            found.append(_card("Posts that did not get through", drafts, "", is_urgent=True))
    return found


def _card(title: str, drafts: list[Draft], empty: str, *, is_urgent: bool = False) -> TodayCard:
    items = tuple(
        TodayItem(
            beginning(queries.current_revision(draft).text),
            reverse("draft", args=[draft.public_id]),
            note=draft.author.name,
        )
        for draft in drafts[:_SHOWN]
    )
    return TodayCard(title, items, len(drafts), reverse("write"), is_urgent, empty)


def beginning(text: str) -> str:
    """The first words of a post, by which people know it again."""
    line = " ".join(text.split())
    return f"{line[:70]}…" if len(line) > 70 else line or "Images only"
