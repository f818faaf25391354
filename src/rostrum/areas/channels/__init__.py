"""Official channels, their life from request to closing, and the custody of their keys."""
