"""What platforms showed: items, versions, sightings, captures, gaps, media, and search over them."""
