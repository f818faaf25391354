"""What the review of a platform's terms holds up in a channel's life."""

from collections.abc import Mapping

from rostrum.kernel.decisions import Reason


def not_reviewed(clauses: Mapping[str, str]) -> Reason:
    """The reason against approving a channel before its platform's terms and privacy policy are reviewed."""
    clause = clauses.get("terms.review-before-use")
    return Reason(
        "terms-not-reviewed",
        "The platform's terms and privacy policy are not reviewed and accepted for this channel yet.",
        clause,
    )


def terms_open(words: str, clauses: Mapping[str, str]) -> tuple[Reason, ...]:
    """The reason against going on while a change of the platform's terms is undecided; none where `words` is empty."""
    clause = clauses.get("terms.amendment-decider") or clauses.get("terms.review-before-use")
    return (Reason("terms-open", words, clause),) if words else ()
