"""Tables and queries of the screening database."""
