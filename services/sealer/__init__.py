"""The sealer: signs, every second, what the databases say, and proves it to whoever may ask."""
