"""The gateway of customs: REST over licensing. It owns no data and decides nothing."""
