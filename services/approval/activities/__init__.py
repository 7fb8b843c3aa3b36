"""The steps of the procedure as calls of the services that own the facts."""
