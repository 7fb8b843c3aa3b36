"""Files that list editors bring in: read strictly, every fault named by line and column, nothing half taken."""
