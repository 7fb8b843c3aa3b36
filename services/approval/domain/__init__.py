"""What the procedure does next, as pure functions of the position that the record reports."""
