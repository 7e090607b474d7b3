"""The map's shell, its base layers and where its tiles come from."""
