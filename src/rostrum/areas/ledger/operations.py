"""Everything that changes the ledger: recording acts, stamping the policy they happen under, sequencing the log."""

from rostrum.areas.ledger.recording import NotInAnAct, record, stamp_policy, subscribe
from rostrum.areas.ledger.sequencer import sequence

__all__ = ["NotInAnAct", "record", "sequence", "stamp_policy", "subscribe"]
