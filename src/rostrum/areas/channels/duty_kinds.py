"""What channels ask of somebody."""

from collections.abc import Collection

from django.urls import reverse

from rostrum.areas.channels.models import (
    AdministratorFinding,
    ApplicationFinding,
    Channel,
    ChannelQuestion,
    ReachedChannel,
    RightRequest,
    RightsReview,
    TransitionTask,
)
from rostrum.areas.channels.models.terms import TermsProblem
from rostrum.areas.duties.kinds import DutyKind, FindPages, pages_at


def _at(route: str) -> FindPages:
    return pages_at(route, Channel, "slug")


def _reached_pages(reached: Collection[str]) -> dict[str, str]:
    """The places of these channels on the pages of the separations in which they are."""
    found = ReachedChannel.objects.filter(public_id__in=reached).values_list("public_id", "separation__public_id")
    return {public_id: f"{reverse('separation', args=[one])}#{public_id}" for public_id, one in found}


KINDS = (
    DutyKind(
        "channels.answer-administrator",
        "Answer for an administrator",
        "It is answered with a reason, or a new list no longer shows it",
        find_pages=pages_at("administrator-finding", AdministratorFinding),
    ),
    DutyKind(
        "channels.list-administrators",
        "Compare the administrators with the roster",
        "A list of the platform's administrators is taken in",
        find_pages=_at("channel-administrators"),
    ),
    DutyKind(
        "channels.remove-application",
        "Remove an application",
        "A look no longer finds it connected, or it is allowed",
        find_pages=pages_at("channel-connected", ApplicationFinding, "channel__slug"),
    ),
    DutyKind(
        "channels.check-applications",
        "Look which applications are connected",
        "A look is recorded",
        find_pages=_at("channel-connected"),
    ),
    DutyKind(
        "channels.check-settings",
        "Look at a channel's settings",
        "The checklist is completed",
        find_pages=_at("channel-settings"),
    ),
    DutyKind(
        "channels.surrender-log-in",
        "Hand in a log-in before leaving",
        "The log-in is in custody, and was signed in with since",
        find_pages=pages_at("channel-deposit", ReachedChannel, "channel__slug"),
        is_personal=True,
    ),
    DutyKind(
        "channels.rotate-after-separation",
        "Change a log-in after somebody left",
        "A newly deposited and tested log-in is confirmed by a second person",
        find_pages=_reached_pages,
    ),
    DutyKind(
        "channels.remove-platform-roles",
        "Remove roles on a platform",
        "Somebody has looked on the platform and said what they saw",
        find_pages=_reached_pages,
    ),
    DutyKind(
        "channels.hand-over",
        "Hand a channel over",
        "The hand-over is given",
        find_pages=pages_at("hand-over", ReachedChannel),
    ),
    DutyKind(
        "channels.name-holder",
        "Name a channel's new holder",
        "Somebody who stays is named, by a right in force",
        find_pages=_reached_pages,
    ),
    DutyKind(
        "channels.help-with-transition",
        "Help with a transition",
        "The question is answered",
        find_pages=pages_at("transition-task", TransitionTask),
    ),
    DutyKind(
        "channels.close-separation",
        "Close a separation",
        "Every channel has a new named holder, and nothing is open",
        route="separation",
        takes_subject=True,
    ),
    DutyKind(
        "channels.review-rights",
        "Review rights",
        "Each right is kept or ended",
        find_pages=pages_at("rights-review", RightsReview),
    ),
    DutyKind(
        "channels.review-rights-of-heads",
        "Review the rights of heads",
        "Each right that a head of the department holds is kept or ended by another person",
        find_pages=pages_at("rights-review", RightsReview),
    ),
    DutyKind(
        "channels.finish-lapsed-review",
        "Finish a lapsed review of rights",
        "Each right is kept or ended",
        find_pages=pages_at("rights-review", RightsReview),
    ),
    DutyKind(
        "channels.answer-for-lapsed-review",
        "Answer for a lapsed review of rights",
        "Each right is kept or ended",
        find_pages=pages_at("rights-review", RightsReview),
    ),
    DutyKind(
        "channels.answer-question",
        "Answer a question",
        "The answer is given",
        find_pages=pages_at("channel-question", ChannelQuestion),
    ),
    DutyKind(
        "channels.record-parts",
        "Take a channel's parts into the inventory",
        "Each part has a recent entry, with its export where there is one",
        find_pages=_at("channel-parts"),
    ),
    DutyKind(
        "channels.designate",
        "Designate for a right",
        "The department agrees, or declines",
        find_pages=pages_at("right-request", RightRequest),
    ),
    DutyKind(
        "channels.issue-right",
        "Issue a right",
        "The right is issued, or declined",
        find_pages=pages_at("right-request", RightRequest),
    ),
    DutyKind(
        "channels.accept-rules",
        "Accept the rules for a right",
        "The acceptance is signed",
        find_pages=pages_at("right-request", RightRequest),
        is_personal=True,
    ),
    DutyKind(
        "channels.confirm-stop",
        "Confirm having stopped",
        "The person confirms having stopped acting on channels",
        route="my-rights",
        is_personal=True,
    ),
    DutyKind(
        "channels.check-page",
        "Look at a channel's page again",
        "Somebody has looked at the page, or the product has read it, and each element is in place",
        find_pages=_at("channel-page"),
    ),
    DutyKind(
        "channels.restore-page",
        "Have a page show what it must",
        "A look at the page finds each element in place",
        find_pages=_at("channel-page"),
    ),
    DutyKind(
        "channels.watch-terms",
        "Look whether a platform has changed its terms",
        "Each of its texts was looked at, and what is new is kept",
        route="terms-platform",
        takes_subject=True,
    ),
    DutyKind(
        "channels.decide-terms-change",
        "Decide about changed terms",
        "The person named for it has decided, with reasons",
        route="terms-change",
        takes_subject=True,
    ),
    DutyKind(
        "channels.terms-conflict",
        "See to a term that goes against the policy",
        "It is decided whether the platform is used, or the reader took it back",
        find_pages=pages_at("terms-review", TermsProblem, "review__public_id"),
    ),
    DutyKind(
        "channels.read-terms",
        "Read a platform's newest rules",
        "The person who posts there has confirmed it",
        route="terms",
    ),
    DutyKind(
        "channels.watch-use",
        "Watch over how a channel is used",
        "Somebody has looked and said what they found",
        find_pages=_at("channel"),
    ),
    DutyKind(
        "channels.review-cookies",
        "Go over the cookies of our own site",
        "The information officer has decided, against the privacy policy",
        route="terms-cookies",
    ),
    DutyKind(
        "channels.deposit-credential", "Deposit a log-in", "The log-in is in custody", find_pages=_at("channel-deposit")
    ),
    DutyKind(
        "channels.decide-list",
        "Decide on a list that misses many channels",
        "The list is released or set aside, with a reason",
        route="channel-list",
        takes_subject=True,
    ),
    DutyKind(
        "channels.regularise",
        "Have a found channel approved, or taken down",
        "It is live after every step, or closed",
        find_pages=_at("channel"),
    ),
    DutyKind(
        "channels.record-change",
        "Deposit a changed log-in",
        "The changed log-in is in custody, or it is said that nothing was changed",
        find_pages=_at("channel-deposit"),
    ),
    DutyKind(
        "channels.rotate-after-disclosure",
        "Change a log-in that was seen",
        "Everything that was seen is new, and the new log-in was tested",
        find_pages=_at("channel-deposit"),
    ),
    DutyKind(
        "channels.review-emergency",
        "Review an emergency right",
        "Another person has said what they found",
        route="custody-emergency",
        takes_subject=True,
    ),
    DutyKind(
        "channels.restore-connection",
        "Restore a connection",
        "A call to the platform succeeds again",
        find_pages=_at("channel-connection"),
    ),
)
