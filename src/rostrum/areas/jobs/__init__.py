"""Work to be done later: queued in the act's own transaction, leased, retried, never lost."""
