"""Consultation (会商): what the competent agencies say about an application, and what that adds up to."""
