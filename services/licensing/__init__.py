"""Applications and licences."""
