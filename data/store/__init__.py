"""Load and save, in words of the domain, one file a noun."""
