"""Outside systems: one interface, the real ones, the sample square."""
