"""Parts of governance that other areas' pages show. In a template: {% load policies %}."""
