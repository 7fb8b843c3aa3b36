"""Rules of classification: pure, without input or output and without a clock of their own."""
