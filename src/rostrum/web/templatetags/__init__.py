"""Components that pages are composed of. In a template: {% load rostrum %}."""
