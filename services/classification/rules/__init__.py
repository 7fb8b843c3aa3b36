"""The law as rules: limits and characteristics of entries, compared exactly and explained line by line."""
