"""Screening: who the parties of an export are, and which lists and destination rules bite."""
