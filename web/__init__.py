"""Who asks? Pages, command line and jobs over one set of use cases."""
