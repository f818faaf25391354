"""How to make an object for each route with parameters, so that every route can be asked as every role.

Each area adds its routes by name. `make` runs in the test's transaction and returns the route's parameters;
`hidden_from` lists roles for whom this object is not there (404) though the page opens for them.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from rostrum.areas.agenda.operations import make_calendar
from rostrum.areas.archive.models import Item as ArchivedItem
from rostrum.areas.archive.operations import ask_about_substance, open_gap, store_batch
from rostrum.areas.archive.rules import Cause
from rostrum.areas.channels.models import (
    AdministratorFinding,
    AdministratorList,
    ChannelPart,
    ListFind,
    PageCheck,
    ReachedChannel,
    RightsReview,
    Separation,
    StopRequest,
    TransitionTask,
)
from rostrum.areas.channels.models.terms import TermsChange, TermsReview, TermsVersion
from rostrum.areas.channels.operations.access import propose_application
from rostrum.areas.channels.operations.emergency import take_emergency_right
from rostrum.areas.channels.operations.lists import receive_list
from rostrum.areas.channels.operations.log_in_disclosure import request_disclosure
from rostrum.areas.channels.operations.questions import ask_coordinator
from rostrum.areas.channels.operations.separation import separate_person
from rostrum.areas.channels.operations.terms_reviews import mark_terms_problem
from rostrum.areas.channels.queries.separation import link_of
from rostrum.areas.disclosure.models import RecordsRequest, Redaction
from rostrum.areas.disclosure.operations import receive_request
from rostrum.areas.disclosure.operations.intake import Received, follow_digest
from rostrum.areas.duties.operations import open_duty
from rostrum.areas.governance import operations as governance
from rostrum.areas.governance.models import Directive
from rostrum.areas.ledger.queries import latest_checkpoint
from rostrum.areas.ledger.sequencer import sequence
from rostrum.areas.people.models import ChannelGrant, Denial, FactorReset, RoleGrant
from rostrum.areas.people.operations import propose_computer
from rostrum.areas.people.rules import MATRIX, Permission, Reach, Right, Role
from rostrum.areas.portal.operations import export_registry
from rostrum.areas.publishing.models import Draft, DraftMedia, IntegrityAlert, Publication
from rostrum.areas.publishing.operations import MediaInput
from rostrum.areas.publishing.rules import Compared, Outcome
from rostrum.connectors.blobs import LocalBlobs
from rostrum.kernel.items import MediaFile, Route
from tests.archive import NOW, make_channel, make_item
from tests.channels import (
    a_body,
    a_live_channel,
    a_picture,
    a_requested_channel,
    a_reviewed_channel,
    a_staff,
    an_opened_channel,
)
from tests.disclosure import PHONE, a_city, determined, in_review, produced, record_of, release_rest, withhold
from tests.governance import PAPER, a_department, an_employee, delivered
from tests.moderation import a_stored_assessment, a_stored_block, a_stored_comment, a_stored_removal
from tests.people import LONG_AGO, a_person, a_unit
from tests.publishing import PNG, a_draft, an_authorization
from tests.reviews import a_busy_channel, a_review
from tests.rights import a_request
from tests.terms import begun, keep


@dataclass(frozen=True, slots=True)
class Sample:
    """One object for a route."""

    make: Callable[[], dict[str, str]]
    hidden_from: frozenset[Role] = frozenset()


def _duty() -> dict[str, str]:
    a_body()
    duty = open_duty(
        kind="ledger.explain-trouble",
        title="Explain",
        owner_role=Role.IT_DIRECTOR,
        due_at=NOW,
        subject="sample",
        actor="system",
        now=NOW,
    )
    return {"duty_id": duty.public_id}


# A duty of the IT director: seen by that role, and by those who see every duty.
_SEES_DUTY = frozenset(role for role in Role if MATRIX[Permission.SEE_DUTIES].get(role) is Reach.ANY) | {
    Role.IT_DIRECTOR,
    # Without a department to be limited to, as here, a head reaches every department.
    Role.DEPARTMENT_HEAD,
}
_SEES_NO_DUTY = frozenset(Role) - _SEES_DUTY


def _calendar() -> dict[str, str]:
    return {"secret": make_calendar(actor=a_person(Role.COORDINATOR), now=NOW)[1]}


def _person() -> dict[str, str]:
    return {"person_id": a_person(Role.POSTER).public_id}


def _role_grant() -> dict[str, str]:
    grant = RoleGrant.objects.create(person=a_person(), role=Role.MODERATOR.value, starts_at=LONG_AGO)
    return {"grant_id": grant.public_id}


def _reset() -> dict[str, str]:
    reset = FactorReset.objects.create(person=a_person(), reason="Came in person", asked_by=a_person(), asked_at=NOW)
    return {"reset_id": reset.public_id}


def _channel_grant() -> dict[str, str]:
    grant = ChannelGrant.objects.create(
        person=a_person(), channel="chn-sample", right=Right.SPEAK.value, starts_at=LONG_AGO
    )
    return {"grant_id": grant.public_id}


def _archived() -> dict[str, str]:
    item = MediaFile("a.png", "image/png", "A bridge", open=lambda: io.BytesIO(b"png"))
    store_batch(channel=make_channel(), items=[make_item(media=(item,))], route=Route.API, actor="system", now=NOW)
    return {"item_id": ArchivedItem.objects.get().public_id}


def _substance_question() -> dict[str, str]:
    a_body()
    _archived()
    asked = ask_about_substance(
        item_id=ArchivedItem.objects.get().public_id, why="A request", actor=a_person(Role.COORDINATOR), now=NOW
    )
    return {"question_id": asked.public_id}


def _version() -> dict[str, str]:
    return _archived() | {"number": "1"}


def _proved_version() -> dict[str, str]:
    found = _version()
    sequence(NOW)
    return found


def _gap() -> dict[str, str]:
    gap = open_gap(channel=make_channel(), cause=Cause.LOST_TOKEN, from_at=NOW, actor="system", now=NOW)
    return {"gap_id": gap.public_id}


# Who may capture only their own posts, as every employee, closes no gap of a channel.
_OWN_CAPTURES_ONLY = frozenset(role for role in Role if MATRIX[Permission.CAPTURE_BY_HAND].get(role) is not Reach.ANY)


def _channel() -> dict[str, str]:
    a_body()
    return {"slug": make_channel(kind="official_page").slug}


def _right_request() -> dict[str, str]:
    a_body()
    staff = a_staff()
    return {"request_id": a_request(staff, an_opened_channel(staff)).public_id}


def _unit() -> dict[str, str]:
    a_body()
    return {"unit_slug": a_unit().slug}


def _rights_review() -> dict[str, str]:
    a_body()
    return {"review_id": RightsReview.objects.create(unit=a_unit(), opened_at=NOW, due_at=NOW).public_id}


def _separation() -> dict[str, str]:
    a_body()
    staff = a_staff()
    an_opened_channel(staff)
    found = separate_person(person=staff.head, actor="system", now=NOW)
    return {"separation_id": found.public_id}


def _reached() -> dict[str, str]:
    _separation()
    return {"reached_id": ReachedChannel.objects.get().public_id}


def _transition_task() -> dict[str, str]:
    _separation()
    return {"task_id": TransitionTask.objects.get().public_id}


def _transition() -> dict[str, str]:
    _separation()
    return {"token": link_of(Separation.objects.get())}


# Who answers for no department sees no separation.
_NO_SEPARATIONS = frozenset(role for role in Role if role not in MATRIX[Permission.SEE_SEPARATIONS])


def _denial() -> dict[str, str]:
    person, by = a_person(), a_person()
    return {"denial_id": Denial.objects.create(person=person, reason="x", denied_by=by, denied_at=NOW).public_id}


def _stop() -> dict[str, str]:
    person, by = a_person(), a_person()
    return {"stop_id": StopRequest.objects.create(person=person, reason="x", asked_by=by, asked_at=NOW).public_id}


# Who neither reviews nor ends rights sees requests of their own only.
_NO_RIGHTS_OF_OTHERS = frozenset(role for role in Role if role not in MATRIX[Permission.END_GRANT])


def _log_in_disclosure() -> dict[str, str]:
    a_body()
    staff = a_staff()
    channel = a_live_channel(staff)
    made = request_disclosure(
        channel_id=channel.public_id, parts=["token"], reason="To move it", actor=staff.coordinator, now=NOW
    )
    return {"disclosure_id": made.public_id}


def _emergency() -> dict[str, str]:
    a_body()
    staff = a_staff()
    channel = a_live_channel(staff)
    made = take_emergency_right(channel_id=channel.public_id, reason="A flood", actor=staff.public_affairs, now=NOW)
    return {"emergency_id": made.public_id}


def _public_channel() -> dict[str, str]:
    a_body()
    return {"channel_id": make_channel(kind="official_page").public_id}


def _channel_list() -> dict[str, str]:
    a_body()
    given = b"Department,Site,Link\nParks,IG,https://bit.ly/3\nParks,IG,call us\n"
    return {"list_id": receive_list(name="a.csv", content=given, actor="system", now=NOW).public_id}


def _list_find() -> dict[str, str]:
    return _channel_list() | {"find_id": str(ListFind.objects.get().pk)}


def _list_row() -> dict[str, str]:
    return _channel_list() | {"number": "3"}


def _terms_review() -> TermsReview:
    a_body()
    staff = a_staff()
    return begun(staff, a_requested_channel(staff))


def _begun_terms_review() -> dict[str, str]:
    return {"review_id": _terms_review().public_id}


def _terms_problem() -> dict[str, str]:
    review = _terms_review()
    problem = mark_terms_problem(
        review_id=review.public_id,
        quote="You pay our costs",
        why="Not ours to pay",
        is_deal_breaker=True,
        actor=review.reader,
        now=NOW,
    )
    return {"problem_id": problem.public_id}


def _terms_version() -> dict[str, str]:
    _terms_review()
    return {"version_id": TermsVersion.objects.filter(document="terms").get().public_id}


def _second_terms_version() -> dict[str, str]:
    a_body()
    staff = a_staff()
    a_reviewed_channel(staff)
    return {"version_id": keep("square", staff.coordinator, text="New terms of the square").public_id}


def _terms_change() -> dict[str, str]:
    _second_terms_version()
    return {"change_id": TermsChange.objects.get().public_id}


def _without(name: str) -> dict[str, str]:
    """A body under its packs, for a route that has no parameters."""
    made = _terms_platform()
    del made[name]
    return made


def _terms_platform() -> dict[str, str]:
    a_body()
    return {"platform": "square"}


def _draft() -> dict[str, str]:
    a_body()
    return {"draft_id": a_draft(a_staff()).public_id}


def _authorization() -> dict[str, str]:
    a_body("milwaukee-personal", name="City of Milwaukee")
    staff = a_staff()
    return {"authorization_id": an_authorization(staff).public_id}


def _computer() -> dict[str, str]:
    a_body()
    made, _ = propose_computer(label="PC 12", browser="Firefox on Linux", actor=a_person(), now=NOW)
    return {"computer_id": made.public_id}


def _draft_medium() -> dict[str, str]:
    a_body()
    draft = a_draft(a_staff(), media=[MediaInput(data=PNG, name="pad.png")])
    return {"draft_id": draft.public_id, "blob": DraftMedia.objects.get().blob}


def _integrity_alert() -> dict[str, str]:
    archived = ArchivedItem.objects.get(public_id=_archived()["item_id"])
    alert = IntegrityAlert.objects.create(
        channel=archived.channel, kind="unknown-post", subject=archived.public_id, mark="", found_at=NOW
    )
    return {"alert_id": alert.public_id}


def _publication() -> dict[str, str]:
    revision = Draft.objects.get(public_id=_draft()["draft_id"]).revisions.get()
    made = Publication.objects.create(
        revision=revision,
        channel=make_channel(),
        digest=revision.digest,
        idempotency_key="sample",
        outcome=Outcome.UNCLEAR,
        scheduled_by=revision.made_by,
        due_at=NOW,
        intent_at=NOW,
        compared=Compared.NOT_YET,
    )
    return {"publication_id": made.public_id}


def _request() -> dict[str, str]:
    return {"request_id": in_review(a_city()).public_id}


def _request_record() -> dict[str, str]:
    request = in_review(a_city())
    return {"request_id": request.public_id, "record_id": record_of(request, "c1").public_id}


def _redaction() -> dict[str, str]:
    city = a_city()
    request = in_review(city)
    withhold(city, record_of(request, "c1"), PHONE, seconded=False)
    return {"request_id": request.public_id, "redaction_id": Redaction.objects.get().public_id}


def _production() -> dict[str, str]:
    city = a_city()
    request = in_review(city)
    release_rest(city, request)
    production = produced(city, determined(city, request))
    return {"request_id": request.public_id, "production_id": production.public_id}


def _block() -> dict[str, str]:
    return {"block_id": a_stored_block().public_id}


def _comment() -> dict[str, str]:
    return {"item_id": a_stored_comment().public_id}


def _assessment() -> dict[str, str]:
    return {"assessment_id": a_stored_assessment().public_id}


def _removal() -> dict[str, str]:
    return {"removal_id": a_stored_removal().public_id}


def _page_picture() -> dict[str, str]:
    channel = make_channel(kind="official_page")
    check = PageCheck.objects.create(
        channel=channel,
        how="attested",
        by=channel.requested_by,
        at=NOW,
        last_at=NOW,
        picture=LocalBlobs(settings.BLOBS_FOLDER).put(a_picture()),
        picture_mime="image/png",
    )
    return {"slug": channel.slug, "check_id": check.public_id}


def _question() -> dict[str, str]:
    a_body()
    return {"question_id": ask_coordinator(text="May I?", actor=a_person(), now=NOW).public_id}


# A question not yet answered is read by who asked, and by who answers.
_NOT_ANSWERING = frozenset(role for role in Role if role not in (Role.COORDINATOR, Role.PUBLIC_AFFAIRS))


def _part_export() -> dict[str, str]:
    channel = make_channel(kind="official_page")
    digest = LocalBlobs(settings.BLOBS_FOLDER).put(b"ann")
    entry = ChannelPart.objects.create(
        channel=channel,
        part="followers",
        export=digest,
        taken_on=NOW.date(),
        recorded_by=channel.requested_by,
        recorded_at=NOW,
    )
    return {"slug": channel.slug, "entry_id": entry.public_id}


def _administrator_finding() -> dict[str, str]:
    a_body()
    channel = make_channel(kind="official_page")
    made = AdministratorList.objects.create(channel=channel, is_read=True, at=NOW, source="0" * 64, rows=[])
    finding = AdministratorFinding.objects.create(
        channel=channel, kind="unknown", key="x", words="X is nobody.", opened_by_list=made, opened_at=NOW
    )
    return {"finding_id": finding.public_id}


def _application() -> dict[str, str]:
    a_body()
    person = a_person(Role.COORDINATOR)
    made = propose_application(name="Planner", purpose="Plan posts", actor=person, now=NOW)
    return {"application_id": made.public_id}


def _official_channel() -> dict[str, str]:
    return {"slug": make_channel("official").slug}


def _signed_registry() -> dict[str, str]:
    a_body()
    export_registry(actor="system", now=NOW)
    sequence(NOW)
    return {}


def _received() -> Received:
    a_body()
    return receive_request(via="form", wants="Everything about the pool", actor="public", now=NOW)


def _follow_code() -> dict[str, str]:
    return {"code": _received().follow_code}


def _followed_production() -> dict[str, str]:
    found = _production()
    code = "0123-4567-89ab-cdef"
    RecordsRequest.objects.filter(public_id=found["request_id"]).update(follow_digest=follow_digest(code))
    return {"code": code, "production_id": found["production_id"]}


def _logged() -> dict[str, str]:
    a_body()
    sequence(NOW)
    return {}


def _tile() -> dict[str, str]:
    _logged()
    checkpoint = latest_checkpoint()
    assert checkpoint is not None
    return {"tile": f"0/000.p/{checkpoint.size}"}


def _certification() -> dict[str, str]:
    a_department()
    return {"certification_id": delivered(an_employee()).public_id}


def _policy_text() -> dict[str, str]:
    return {"text_id": a_department().public_id}


def _body_document() -> dict[str, str]:
    a_body()
    keeper = a_person(Role.HR)
    made = governance.list_related_policy(title="Camera rules", kind="work-rules", actor=keeper, now=NOW)
    return {"document_id": made.public_id}


def _training() -> dict[str, str]:
    a_body("wi-best-practices", "wausau-city")
    return {"key": "threats"}


def _completed_training() -> dict[str, str]:
    key, keeper = _training()["key"], a_person(Role.HR)
    done = governance.complete_training(
        person=a_person(),
        key=key,
        confirmed=["current", "own-risk", "report"],
        completed_on=NOW.date(),
        evidence="List of those present",
        file=PAPER,
        actor=keeper,
        now=NOW,
    )
    return {"completion_id": done.public_id}


def _bulletin() -> dict[str, str]:
    a_body()
    made = governance.issue_bulletin(title="Fake pages", text="Look.", actor=a_person(Role.HR), now=NOW)
    return {"bulletin_id": made.public_id}


def _directive() -> Directive:
    a_body()
    a_unit()
    return governance.issue_directive(
        method="connector", option="Keep it", cost_reason="Cheap", actor=a_person(Role.IT_DIRECTOR), now=NOW
    )


def _suggestion() -> dict[str, str]:
    made = governance.suggest_directive(why="new-platform", subject="square", entry="ent-1", actor="system", now=NOW)
    return {"suggestion_id": str(made.pk)}


def _blocked_site() -> dict[str, str]:
    a_department()
    made = governance.block_site(site="a.example.com", reason="Not work", actor=a_person(Role.IT_DIRECTOR), now=NOW)
    return {"block_id": made.public_id}


def _persona_exception() -> dict[str, str]:
    a_department()
    made = governance.ask_persona_exception(
        identity="Radio Fan",
        purpose="Exercise",
        required_by="Order 1",
        starts_on=NOW.date(),
        ends_on=NOW.date(),
        actor=a_person(Role.PUBLIC_AFFAIRS),
        now=NOW,
    )
    return {"exception_id": made.public_id}


def _activity_review() -> dict[str, str]:
    a_body("dma-2.110", name="Department of Military Affairs")
    made = a_review(a_person(Role.PUBLIC_AFFAIRS), a_busy_channel())
    return {"review_id": made.public_id}


def _supervisor_question() -> dict[str, str]:
    a_department()
    made = governance.ask_supervisor(question="May I?", actor=a_person(unit=a_unit()), now=NOW)
    return {"question_id": made.public_id}


# Certifications and completions are one's own, or those of whoever follows them.
_FOLLOWERS = frozenset(role for role in Role if role in MATRIX[Permission.CHASE_ACKNOWLEDGEMENTS])
_NOT_FOLLOWERS = frozenset(Role) - _FOLLOWERS
_DIRECTORY_ROUTES = ("begin", "callback", "posted", "finish", "out", "signed-out", "metadata")
_REQUEST_ROUTES = (
    *("", "-acknowledge", "-ask", "-heard", "-search", "-fee", "-prepaid", "-start-review", "-review"),
    *("-determination", "-produce", "-close", "-withdraw"),
)
_CHANNEL_ROUTES = (
    "",
    "-approve",
    "-decline",
    "-open",
    "-deposit",
    "-changed",
    "-unchanged",
    "-test",
    "-attest",
    "-code",
    "-disclose",
    "-emergency",
    "-describe",
    "-go-live",
    "-use",
    "-page",
    "-page-read",
    "-parts",
    "-connection",
    "-administrators",
    "-read-access",
    "-connected",
    "-settings",
    "-try",
    "-pause",
    "-close",
    "-terms-begin",
    "-terms-adopt",
    "-use-look",
)
_DRAFT_ROUTES = (
    *("", "-edit", "-check-text", "-submit", "-check", "-approve", "-return", "-clear", "-consent"),
    *("-emergency", "-schedule", "-call-off", "-correct", "-withdraw"),
)

SAMPLES: dict[str, Sample] = {
    "channel-list": Sample(_channel_list),
    "channel-list-decide": Sample(_channel_list),
    "channel-list-find": Sample(_list_find),
    "channel-list-row": Sample(_list_row),
    "channel-list-take": Sample(_channel_list),
    "channel-list-unit": Sample(_channel_list),
    **{f"request{act}": Sample(_request) for act in _REQUEST_ROUTES},
    **{f"duty{act}": Sample(_duty, _SEES_NO_DUTY) for act in ("", "-hand-over", "-done")},
    **{f"calendar-{form}": Sample(_calendar) for form in ("events", "tasks")},
    "request-record": Sample(_request_record),
    "request-redact": Sample(_request_record),
    "redaction-second": Sample(_redaction),
    "redaction-drop": Sample(_redaction),
    "production-download": Sample(_production),
    **{f"channel{act}": Sample(_channel) for act in _CHANNEL_ROUTES},
    "channel-page-picture": Sample(_page_picture),
    "channel-question": Sample(_question, hidden_from=_NOT_ANSWERING),
    "channel-part-export": Sample(_part_export),
    "administrator-finding": Sample(_administrator_finding),
    "application-approve": Sample(_application),
    "application-withdraw": Sample(_application),
    **{f"draft{act}": Sample(_draft) for act in _DRAFT_ROUTES},
    **{f"custody-{act}": Sample(_log_in_disclosure) for act in ("disclosure", "confirm", "decline", "show")},
    # Whoever may take the right sees their own; whoever manages the channel sees each.
    **{
        f"custody-{act}": Sample(_emergency, frozenset({Role.POSTER}))
        for act in ("emergency", "end-emergency", "review-emergency")
    },
    # A department's head sees those of the department only.
    "disclosure-authorization-withdraw": Sample(_authorization),
    "computer-confirm": Sample(_computer),
    # Who proposed it and IT may; for all others it is not there.
    "computer-withdraw": Sample(_computer, frozenset(Role) - {Role.IT_DIRECTOR}),
    "draft-medium": Sample(_draft_medium),
    "channel-integrity": Sample(_channel),
    "integrity-answer": Sample(_integrity_alert),
    "publication-resolve": Sample(_publication),
    "publication-retry": Sample(_publication),
    "conversation-thread": Sample(_comment),
    "assessment-open": Sample(_comment),
    "conversation-no-notice": Sample(_comment),
    **{f"assessment{act}": Sample(_assessment) for act in ("", "-second", "-remove", "-drop", "-answer")},
    **{f"removal-{act}": Sample(_removal) for act in ("notice", "restore", "retry", "confirm", "abandon", "block")},
    **{f"block-{act}": Sample(_block) for act in ("agree", "done", "end")},
    **{f"certification{act}": Sample(_certification, _NOT_FOLLOWERS) for act in ("", "-open", "-read")},
    "certification-pdf": Sample(_certification, frozenset(Role)),
    "certification-scan": Sample(_certification, frozenset(Role)),
    "certification-record-paper": Sample(_certification),
    **{f"policy-{act}": Sample(_policy_text) for act in ("text", "put-in-force", "confirm-reading")},
    "policy-file": Sample(_policy_text, frozenset(Role)),
    "policy-withdraw": Sample(_body_document),
    **{f"training{act}": Sample(_training) for act in ("", "-word", "-retire", "-record")},
    "training-file": Sample(_completed_training),
    "bulletin": Sample(_bulletin),
    "review": Sample(_activity_review),
    "review-judge": Sample(lambda: _activity_review() | {"position": "1"}),
    "review-end-interval": Sample(_activity_review),
    # A session is its owner's alone.
    "reading": Sample(lambda: {"reading_id": "rdg-somebodys"}, frozenset(Role)),
    "directive": Sample(lambda: {"directive_id": _directive().public_id}),
    "directive-reached": Sample(lambda: {"delivery_id": _directive().deliveries.all()[0].public_id}),
    "directive-answer": Sample(_suggestion),
    "blocked-site-end": Sample(_blocked_site),
    "persona": Sample(_persona_exception),
    "question": Sample(_supervisor_question, frozenset(Role) - {Role.DEPARTMENT_HEAD}),
    "policy-clause": Sample(lambda: {"clause_id": "WAU-0-01"}),
    **{
        f"terms-review{act}": Sample(_begun_terms_review)
        for act in ("", "-save", "-newest", "-problem", "-complete", "-return", "-sign", "-decide", "-accept")
    },
    "terms-problem-withdraw": Sample(_terms_problem),
    **{f"terms-{name}": Sample(_terms_version) for name in ("version", "raw", "confirm-read")},
    "terms-compare": Sample(_second_terms_version),
    **{f"terms-{name}": Sample(_terms_change) for name in ("change", "change-decide")},
    **{
        f"terms-{name}": Sample(_terms_platform)
        for name in ("platform", "store", "address", "watch", "unchanged", "fetch")
    },
    "terms": Sample(lambda: _without("platform")),
    "terms-cookies": Sample(lambda: _without("platform")),
    "terms-cookies-decide": Sample(lambda: _without("platform")),
    "api-channel": Sample(_public_channel),
    "portal-registry": Sample(_signed_registry),
    "portal-badge": Sample(_channel),
    "portal-channel": Sample(_official_channel),
    "portal-followed": Sample(_follow_code),
    "portal-answer": Sample(_follow_code),
    "portal-production": Sample(_followed_production),
    "portal-checkpoint": Sample(_logged),
    "portal-tile": Sample(_tile),
    "archive-item": Sample(_archived),
    "archive-payload": Sample(_version),
    "archive-proof": Sample(_proved_version),
    "archive-media": Sample(lambda: _version() | {"position": "0"}),
    **{f"archive-{act}": Sample(_archived) for act in ("set-apart", "take-back", "ask-substance")},
    "archive-substance-question": Sample(_substance_question),
    "archive-answer-substance": Sample(_substance_question),
    "archive-close-gap": Sample(_gap, _OWN_CAPTURES_ONLY),
    "person": Sample(_person),
    "give-role": Sample(_person),
    "start-separation": Sample(_person),
    "end-role": Sample(_role_grant),
    "end-channel-right": Sample(_channel_grant),
    **{
        f"right-{act}": Sample(_right_request, _NO_RIGHTS_OF_OTHERS)
        for act in ("request", "designate", "accept", "issue", "decline", "withdraw")
    },
    "unit-rights": Sample(_unit),
    "begin-review": Sample(_unit),
    "rights-review": Sample(_rights_review),
    "stop-person": Sample(_person),
    "confirm-stop": Sample(_stop),
    "lift-denial": Sample(_denial),
    "separation": Sample(_separation),
    **{route: Sample(_separation) for route in ("assign-task", "rescind-separation", "close-separation")},
    **{
        route: Sample(_reached)
        for route in ("confirm-rotation", "confirm-roles-removed", "confirm-hand-over", "name-holder")
    },
    "hand-over": Sample(_reached, _NO_SEPARATIONS),
    "transition-task": Sample(_transition_task, _NO_SEPARATIONS),
    "transition": Sample(_transition),
    "person-sign-in": Sample(_person),
    "end-person-sessions": Sample(_person),
    "ask-reset": Sample(_person),
    "confirm-reset": Sample(_reset),
    "drop-reset": Sample(_reset),
    # One's own only: nobody's factor, session or reset is there for anybody else.
    "remove-factor": Sample(lambda: {"factor_id": "fac-of-somebody-else"}, frozenset(Role)),
    "end-my-session": Sample(lambda: {"session_id": "ses-of-somebody-else"}, frozenset(Role)),
    "refuse-my-reset": Sample(lambda: {"reset_id": "rst-of-somebody-else"}, frozenset(Role)),
    **{f"directory-{route}": Sample(lambda: {"directory_id": "city"}) for route in _DIRECTORY_ROUTES},
    "set-password": Sample(lambda: _person() | {"token": "not-a-token"}),
}
