"""The four stories of the demonstration, played through the public interfaces only."""
