"""Delivers notifications by e-mail: asks licensing what waits, sends it, and records how that went."""
