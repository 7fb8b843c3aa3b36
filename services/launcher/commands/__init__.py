"""The commands of `xuke`, one file for each group of them."""
