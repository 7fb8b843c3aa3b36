"""The pages: what each asks the services, and what it hands to its template."""
