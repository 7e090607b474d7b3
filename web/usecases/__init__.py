"""The stories people come with: no HTTP, no SQL."""
