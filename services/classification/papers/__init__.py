"""Papers that exporters use: the item-by-item comparison sheet and the classification statement."""
