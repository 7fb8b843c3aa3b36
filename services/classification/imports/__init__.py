"""Reads the files of control lists that list editors bring in."""
