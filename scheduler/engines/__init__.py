"""The engines, each by its name."""
