"""Routes of the publishing area."""

from django.urls import path

from rostrum.areas.publishing.views import disclosures, integrity, places, review, writing

urlpatterns = [
    path("desk/channels/<slug:slug>/integrity/", integrity.channel_integrity, name="channel-integrity"),
    path("desk/integrity/<str:alert_id>/answer", integrity.answer, name="integrity-answer"),
    path("desk/write/", writing.write, name="write"),
    path("desk/write/new", writing.new_draft, name="draft-new"),
    path("desk/write/check", writing.check_text, name="draft-new-check"),
    path("desk/write/disclosures", disclosures.authorizations, name="disclosure-authorizations"),
    path(
        "desk/write/disclosures/<str:authorization_id>/withdraw",
        disclosures.withdraw,
        name="disclosure-authorization-withdraw",
    ),
    path("desk/write/place", places.work_place, name="work-place"),
    path("desk/write/place/<str:computer_id>/confirm", places.confirm, name="computer-confirm"),
    path("desk/write/place/<str:computer_id>/withdraw", places.withdraw, name="computer-withdraw"),
    path("desk/write/publications/<str:publication_id>/resolve", review.resolve_unclear, name="publication-resolve"),
    path("desk/write/publications/<str:publication_id>/retry", review.retry_publication, name="publication-retry"),
    path("desk/write/<str:draft_id>/", review.draft, name="draft"),
    path("desk/write/<str:draft_id>/edit", writing.edit_draft, name="draft-edit"),
    path("desk/write/<str:draft_id>/check-text", writing.check_text, name="draft-check-text"),
    path("desk/write/<str:draft_id>/media/<str:blob>", writing.medium, name="draft-medium"),
    path("desk/write/<str:draft_id>/submit", review.submit_draft, name="draft-submit"),
    path("desk/write/<str:draft_id>/check", review.check_draft, name="draft-check"),
    path("desk/write/<str:draft_id>/approve", review.approve_draft, name="draft-approve"),
    path("desk/write/<str:draft_id>/return", review.return_draft, name="draft-return"),
    path("desk/write/<str:draft_id>/clear", review.clear_finding, name="draft-clear"),
    path("desk/write/<str:draft_id>/consent", review.record_consent, name="draft-consent"),
    path("desk/write/<str:draft_id>/schedule", review.schedule_publication, name="draft-schedule"),
    path("desk/write/<str:draft_id>/emergency", review.publish_in_emergency, name="draft-emergency"),
    path("desk/write/<str:draft_id>/call-off", review.call_off_publication, name="draft-call-off"),
    path("desk/write/<str:draft_id>/correct", review.correct_post, name="draft-correct"),
    path("desk/write/<str:draft_id>/withdraw", review.withdraw_post, name="draft-withdraw"),
]
