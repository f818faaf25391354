"""Policy packs: load, compose, lint, bind clauses to controls, evaluate. Pure."""
