"""Rules of screening: pure, without input or output and without a clock of their own."""
