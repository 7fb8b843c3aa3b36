"""Tables and queries of the consultation database."""
