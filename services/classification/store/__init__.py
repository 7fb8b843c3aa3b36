"""Tables and queries of the classification database."""
