"""Carries the kicks from the outboxes of the services to Temporal."""
