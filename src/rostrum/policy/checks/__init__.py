"""The text checks: for each control that reads a text, the function that does. Pure, deterministic."""

from collections.abc import Mapping
from types import MappingProxyType

from rostrum.policy.checks.accessibility import (
    find_missing_alt_text,
    find_missing_captions,
    find_styled_characters,
    find_unreadable_hashtags,
)
from rostrum.policy.checks.base import Check, Context, Hit
from rostrum.policy.checks.cues import check_oneself, point_elsewhere, suggest_ground
from rostrum.policy.checks.form import (
    find_area_beyond_right,
    find_critical_only_here,
    find_excess_length,
    find_excess_media,
    find_live_event,
    find_missing_citation,
    find_missing_release,
    find_missing_rights,
    find_missing_signature,
    find_missing_topic,
    find_notice_only_here,
)
from rostrum.policy.checks.gain import find_campaigning, find_declared_interests, find_endorsement
from rostrum.policy.checks.markers import find_confidential_markers, find_health_data, find_listed_terms
from rostrum.policy.checks.parties import find_other_parties
from rostrum.policy.checks.personal_data import find_personal_data
from rostrum.policy.checks.tone import (
    find_correction_wording,
    find_discomfort,
    find_empty_reply,
    find_hostile_tone,
    find_opinion_voice,
    find_personal_message,
    find_profanity,
)

__all__ = ["CHECKS", "Check", "Context", "Hit"]

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "draft.alt-text": find_missing_alt_text,
        "draft.business-topic": find_missing_topic,
        "draft.captions": find_missing_captions,
        "draft.citation": find_missing_citation,
        "draft.confidential-markers": find_confidential_markers,
        "draft.correction-wording": find_correction_wording,
        "draft.critical-other-channel": find_critical_only_here,
        "draft.declared-interests": find_declared_interests,
        "draft.endorsement": find_endorsement,
        "draft.hashtags": find_unreadable_hashtags,
        "draft.health-data": find_health_data,
        "draft.length": find_excess_length,
        "draft.listed-terms": find_listed_terms,
        "draft.media-limits": find_excess_media,
        "draft.model-release": find_missing_release,
        "draft.not-comfortable": find_discomfort,
        "draft.opinion-voice": find_opinion_voice,
        "draft.other-unit": find_other_parties,
        "draft.personal-data": find_personal_data,
        "draft.personal-message": find_personal_message,
        "draft.plain-characters": find_styled_characters,
        "draft.political": find_campaigning,
        "draft.profanity": find_profanity,
        "draft.required-notice": find_notice_only_here,
        "draft.rights-basis": find_missing_rights,
        "draft.signature": find_missing_signature,
        "draft.substance": find_empty_reply,
        "draft.tone": find_hostile_tone,
        "governance.no-official-rules": point_elsewhere,
        "grant.topics": find_area_beyond_right,
        "guidance.self-check": check_oneself,
        "meeting.event-warning": find_live_event,
        "removal.ground": suggest_ground,
    }
)
