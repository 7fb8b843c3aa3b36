"""Classification: is an item controlled, under which entries of the list, and why."""
