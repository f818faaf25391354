"""Public-records requests: search, review, redaction, determination, production."""
