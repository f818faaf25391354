"""The kinds of duties that governance opens."""

from rostrum.areas.duties.kinds import DutyKind, pages_at
from rostrum.areas.governance.models import TrainingAssignment

KINDS = (
    DutyKind(
        "governance.certify",
        "Read and certify a policy",
        "The certification is signed here or came in on paper",
        route="certification",
        takes_subject=True,
    ),
    DutyKind(
        "governance.train",
        "Complete a training",
        "Every topic is confirmed, or the training is recorded",
        find_pages=pages_at("training", TrainingAssignment, "training"),
    ),
    DutyKind(
        "governance.designate-coordinator",
        "Designate a social media coordinator",
        "Somebody present holds the coordinator's role",
        route="people",
    ),
    DutyKind(
        "governance.issue-directive",
        "Tell departments how content is retained",
        "A directive has reached every department",
        route="directives",
    ),
    DutyKind(
        "governance.decide-persona",
        "Decide on an assumed identity",
        "The exception is signed or refused, with reasons",
        route="persona",
        takes_subject=True,
    ),
    DutyKind(
        "governance.answer-question",
        "Answer an employee's question",
        "The question is answered",
        route="question",
        takes_subject=True,
    ),
)
