"""Routes of the governance area."""

from django.urls import path

from rostrum.areas.governance.views import certifications, directives, mine, policies, security, training

_MINE = "desk/mine/"
_CERTIFICATION = f"{_MINE}certifications/<str:certification_id>/"
_TEXT = "desk/policy/texts/<str:text_id>/"

urlpatterns = [
    path(_MINE, mine.mine, name="mine"),
    path(_CERTIFICATION, mine.certification, name="certification"),
    path(f"{_CERTIFICATION}open", mine.open_policy, name="certification-open"),
    path(f"{_CERTIFICATION}read", mine.finish_reading, name="certification-read"),
    path(f"{_CERTIFICATION}page.pdf", mine.certificate, name="certification-pdf"),
    path(f"{_CERTIFICATION}paper", mine.scan, name="certification-scan"),
    path(f"{_MINE}training/<slug:key>/", mine.training_page, name="training"),
    path(f"{_MINE}bulletins/<str:bulletin_id>/", mine.bulletin, name="bulletin"),
    path(f"{_MINE}ask", security.ask_supervisor, name="ask-supervisor"),
    path(f"{_MINE}questions/<str:question_id>/", security.question, name="question"),
    path("desk/policy/directives/", directives.directives, name="directives"),
    path("desk/policy/directives/new", directives.issue_directive, name="directive-new"),
    path("desk/policy/directives/suggested/<int:suggestion_id>", directives.answer_suggestion, name="directive-answer"),
    path("desk/policy/directives/reached/<str:delivery_id>", directives.record_delivery, name="directive-reached"),
    path("desk/policy/directives/<str:directive_id>/", directives.directive, name="directive"),
    path("desk/policy/blocked-sites/", security.blocked_sites, name="blocked-sites"),
    path("desk/policy/blocked-sites/table.csv", security.blocked_sites_table, name="blocked-sites-table"),
    path("desk/policy/blocked-sites/<str:block_id>/end", security.unblock_site, name="blocked-site-end"),
    path("desk/policy/identities/", security.personas, name="personas"),
    path("desk/policy/identities/<str:exception_id>/", security.persona, name="persona"),
    path("desk/policy/certifications/", certifications.certifications, name="certifications"),
    path("desk/policy/certifications/table.csv", certifications.certifications_table, name="certifications-table"),
    path("desk/policy/certifications/remind", certifications.chase, name="certifications-remind"),
    path(
        "desk/policy/certifications/<str:certification_id>/paper",
        certifications.paper_return,
        name="certification-record-paper",
    ),
    path("desk/policy/documents/", policies.documents, name="policy-documents"),
    path("desk/policy/documents/enter", policies.enter_text, name="policy-enter-text"),
    path("desk/policy/documents/list", policies.list_policy, name="policy-list"),
    path("desk/policy/documents/<str:document_id>/withdraw", policies.withdraw_policy, name="policy-withdraw"),
    path(_TEXT, policies.policy_text, name="policy-text"),
    path(f"{_TEXT}file", policies.policy_file, name="policy-file"),
    path(f"{_TEXT}in-force", policies.put_in_force, name="policy-put-in-force"),
    path(f"{_TEXT}confirm", policies.confirm_reading, name="policy-confirm-reading"),
    path("desk/policy/training/", training.trainings, name="trainings"),
    path("desk/policy/training/new", training.enter_training, name="training-new"),
    path("desk/policy/training/bulletins/new", training.issue_bulletin, name="bulletin-new"),
    path("desk/policy/training/files/<str:completion_id>", training.training_file, name="training-file"),
    path("desk/policy/training/<slug:key>/word", training.enter_training, name="training-word"),
    path("desk/policy/training/<slug:key>/retire", training.retire_training, name="training-retire"),
    path("desk/policy/training/<slug:key>/record", training.record_training, name="training-record"),
]
