"""Where? Coordinates, areas, roads and travel times: values in, values out."""
