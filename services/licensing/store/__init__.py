"""Tables and queries of the licensing database."""
