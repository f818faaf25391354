"""What an author is asked about a draft beside its text: each answer is a fact that the checks read. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    """How a question is answered."""

    YES_NO = "yes_no"
    TEXT = "text"
    LINKS = "links"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class Question:
    """One question; its code names a fact (`policy.facts.DraftFacts`), `control` is what reads it."""

    code: str
    control: str
    words: str
    answer: Answer
    help: str = ""


QUESTIONS: Mapping[str, Question] = {
    question.code: question
    for question in (
        Question(
            "official_topic",
            "draft.business-topic",
            "Which official topic is it about?",
            Answer.TEXT,
            "Business of the body only. Needed before it is handed in.",
        ),
        Question(
            "programme_area",
            "grant.topics",
            "Which programme area is it about?",
            Answer.AREA,
            "Your right to speak may name areas; a post about another is cleared by who approves for that.",
        ),
        Question(
            "published_sources",
            "draft.published-source",
            "Where the other department published it already",
            Answer.LINKS,
            "One link per line, to a post of that department in the archive.",
        ),
        Question("is_required_notice", "draft.required-notice", "It is a notice that the law requires", Answer.YES_NO),
        Question(
            "standard_channel_reference",
            "draft.required-notice",
            "Where the required notice is published the standard way",
            Answer.TEXT,
        ),
        Question("is_critical", "draft.critical-other-channel", "It is critical information", Answer.YES_NO),
        Question(
            "other_channel_reference",
            "draft.critical-other-channel",
            "Where else critical information can be found",
            Answer.TEXT,
        ),
        Question("uses_borrowed", "draft.citation", "It uses material of others", Answer.YES_NO),
        Question("corrects_other", "draft.correction-wording", "It corrects what somebody else said", Answer.YES_NO),
        Question("is_live_event", "meeting.event-warning", "It announces a live or group event", Answer.YES_NO),
        Question(
            "device",
            "definition.device-neutral",
            "On which device it is written",
            Answer.TEXT,
            "Only recorded: the same rules apply on a device of the body and on your own.",
        ),
        Question(
            "is_uncomfortable", "draft.not-comfortable", "I am not sure about it and want it looked at", Answer.YES_NO
        ),
    )
}
