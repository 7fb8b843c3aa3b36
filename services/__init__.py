"""Xuke: the services of the platform."""
