"""A platform's terms as text and as questions, and what the packs say about reviewing them."""
