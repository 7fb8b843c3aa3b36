"""The two-tier procedure as Temporal workflows: conducts, remembers instants, decides nothing in law."""
