"""The `rostrum` command: one module per operation or query."""
