"""Routes of the conversation, of assessments and of removals."""

from django.urls import path

from rostrum.areas.moderation.views import assessments, blocks, conversation, removals

_ITEM = "desk/conversation/items/<str:item_id>/"
_ASSESSMENT = "desk/conversation/assessments/<str:assessment_id>/"
_REMOVAL = "desk/conversation/removals/<str:removal_id>/"
_BLOCK = "desk/conversation/blocks/<str:block_id>/"

urlpatterns = [
    path("desk/conversation/", conversation.conversation, name="conversation"),
    path(_ITEM, conversation.thread, name="conversation-thread"),
    path(f"{_ITEM}no-notice/", conversation.no_notice, name="conversation-no-notice"),
    path(f"{_ITEM}assess/", assessments.open_assessment, name="assessment-open"),
    path(_ASSESSMENT, assessments.assessment, name="assessment"),
    path(f"{_ASSESSMENT}second/", assessments.second, name="assessment-second"),
    path(f"{_ASSESSMENT}remove/", assessments.remove, name="assessment-remove"),
    path(f"{_ASSESSMENT}drop/", assessments.drop, name="assessment-drop"),
    path(f"{_ASSESSMENT}answer/", assessments.answer, name="assessment-answer"),
    path(f"{_REMOVAL}notice/", removals.notice, name="removal-notice"),
    path(f"{_REMOVAL}restore/", removals.restore, name="removal-restore"),
    path(f"{_REMOVAL}retry/", removals.retry, name="removal-retry"),
    path(f"{_REMOVAL}confirm/", removals.witness, name="removal-confirm"),
    path(f"{_REMOVAL}abandon/", removals.abandon, name="removal-abandon"),
    path(f"{_REMOVAL}block/", blocks.ask, name="removal-block"),
    path(f"{_BLOCK}agree/", blocks.agree, name="block-agree"),
    path(f"{_BLOCK}done/", blocks.done, name="block-done"),
    path(f"{_BLOCK}end/", blocks.end, name="block-end"),
]
