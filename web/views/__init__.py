"""One blueprint a subject; each reads, asks a use case and answers."""
