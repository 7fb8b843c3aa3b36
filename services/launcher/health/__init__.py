"""What `xuke doctor` looks at: one function for each thing that can be down, behind or run out."""
