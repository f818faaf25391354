"""What a review of a platform's terms and privacy answers, question by question. Data; pure.

The questions are those of the guideline in force for Wisconsin agencies, in words of our own; `control` and `parameter`
say which clause asks each, so that a missing answer is refused by it. Two are not on the guideline's list: how data are
looked after, which it asks for beside the list, and whose property users' posts are, which a city's policy takes from
the terms.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class DocumentKind(StrEnum):
    """What a platform publishes that is kept here."""

    TERMS = "terms"
    PRIVACY = "privacy"
    RULES = "rules"


DOCUMENT_TITLES: Mapping[DocumentKind, str] = {
    DocumentKind.TERMS: "Terms of service",
    DocumentKind.PRIVACY: "Privacy policy",
    DocumentKind.RULES: "Rules for those who post",
}
# Both are read before a channel is approved; a change of either reopens the reviews.
REVIEWED: tuple[DocumentKind, ...] = (DocumentKind.TERMS, DocumentKind.PRIVACY)


class Asks(StrEnum):
    """What an answer consists of."""

    FINDING = "finding"  # yes, no, or the text is silent, with the words it rests on
    JUDGEMENT = "judgement"  # yes or no, with reasons
    PERSON = "person"
    PROPERTY = "property"


FINDINGS: Mapping[str, str] = {"yes": "Yes", "no": "No", "silent": "The text does not say"}
JUDGEMENTS: Mapping[str, str] = {"yes": "Yes", "no": "No"}
# Whether what users post on the body's pages may be the body's property.
PROPERTIES: Mapping[str, str] = {
    "forbidden": "No: the terms forbid it",
    "otherwise": "No: the terms give it to the users or to somebody else",
    "open": "It may be: the terms neither forbid it nor settle it otherwise",
}
CHOICES: Mapping[Asks, Mapping[str, str]] = {
    Asks.FINDING: FINDINGS,
    Asks.JUDGEMENT: JUDGEMENTS,
    Asks.PROPERTY: PROPERTIES,
    Asks.PERSON: {},
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question about one document. `note` says what the reader writes beside the answer, where more is needed.

    `note_when` are the choices that need the note; `quote_when` those that need words of the platform's own text.
    """

    id: str
    document: DocumentKind
    words: str
    asks: Asks
    control: str
    parameter: tuple[str, str] = ("", "")
    note: str = ""
    note_when: tuple[str, ...] = ()
    quote_when: tuple[str, ...] = ()


def _privacy(id: str, words: str, note: str = "", note_when: tuple[str, ...] = ()) -> Question:
    return Question(
        id,
        DocumentKind.PRIVACY,
        words,
        Asks.FINDING,
        "terms.privacy-question",
        ("question", id),
        note or "In your own words, if it needs more",
        note_when,
        ("yes", "no"),
    )


PRIVACY_QUESTIONS: tuple[Question, ...] = (
    _privacy("advertising-tracking", "May other companies follow visitors of our pages in order to advertise to them?"),
    _privacy(
        "access-and-disclosure",
        "Can what the platform knows of its users, with what they did and when, be looked into or passed on?",
    ),
    _privacy("selling", "May what users give the platform be sold?"),
    _privacy("usage-recording", "Does the platform record how people use it?"),
    _privacy("opt-out", "Can users keep any of this from being collected?"),
    _privacy("storage-place", "Does the text say where the data lie?", "The place it names", ("yes",)),
    _privacy(
        "data-stewardship",
        "Does the text say how the data are looked after: kept safe, for how long, and given up when asked?",
        "What it promises, and whether that fits what the law asks of the body",
        ("yes", "no"),
    ),
    Question(
        "other",
        DocumentKind.PRIVACY,
        "Is there anything else in it that those who visit our pages should know?",
        Asks.JUDGEMENT,
        "terms.privacy-question",
        ("question", "other"),
        "What it is",
        ("yes",),
    ),
)
TERMS_QUESTIONS: tuple[Question, ...] = (
    Question(
        "authority",
        DocumentKind.TERMS,
        "Who agrees to these terms for the body? Opening a channel, a free one too, is agreeing to them.",
        Asks.PERSON,
        "terms.accepting-authority",
    ),
    Question(
        "reader",
        DocumentKind.TERMS,
        "Who reads the terms before anybody agrees to them?",
        Asks.PERSON,
        "terms.reader-before-acceptance",
    ),
    Question(
        "problem-terms",
        DocumentKind.TERMS,
        "Are there terms that are a problem for the body, or that rule the platform out?",
        Asks.JUDGEMENT,
        "terms.review-answer",
        ("answer", "problem-terms"),
    ),
    Question(
        "fit-for-purpose",
        DocumentKind.TERMS,
        "Do the terms suit what this channel is for?",
        Asks.JUDGEMENT,
        "terms.review-answer",
        ("answer", "fit-for-purpose"),
        "Why they do, or do not, suit the purpose stated above",
        ("yes", "no"),
    ),
    Question(
        "monitoring",
        DocumentKind.TERMS,
        "Do the terms oblige the body to watch over how its pages are used?",
        Asks.FINDING,
        "terms.monitoring-duty",
        note="What has to be watched",
        note_when=("yes",),
        quote_when=("yes",),
    ),
    Question(
        "benefits-and-risks",
        DocumentKind.TERMS,
        "Does what the platform gives outweigh what it risks?",
        Asks.JUDGEMENT,
        "terms.review-answer",
        ("answer", "benefits-and-risks"),
        "What the body gains by it",
        ("yes", "no"),
    ),
    Question(
        "watcher",
        DocumentKind.TERMS,
        "Who looks again and again whether the platform has changed its terms?",
        Asks.PERSON,
        "terms.amendment-watch",
    ),
    Question(
        "decider",
        DocumentKind.TERMS,
        "Who decides what the body does about a change, or about a term it cannot accept?",
        Asks.PERSON,
        "terms.amendment-decider",
    ),
)
PROPERTY_QUESTION = Question(
    "user-posts",
    DocumentKind.TERMS,
    "May what users post on this channel be the body's property?",
    Asks.PROPERTY,
    "custody.user-post-property",
    note="Why",
    note_when=("forbidden", "otherwise", "open"),
    quote_when=("forbidden", "otherwise"),
)
QUESTIONS: tuple[Question, ...] = (*PRIVACY_QUESTIONS, *TERMS_QUESTIONS, PROPERTY_QUESTION)
BY_ID: Mapping[str, Question] = {question.id: question for question in QUESTIONS}
# Answered by naming a person; kept on the review itself.
PERSONS = ("authority", "reader", "watcher", "decider")
