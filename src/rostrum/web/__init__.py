"""Routes, access, errors as pages, base templates and assets."""
