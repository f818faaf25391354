"""Pages of the conversation: what people answered, the assessment of a comment, and what became of a removal."""
