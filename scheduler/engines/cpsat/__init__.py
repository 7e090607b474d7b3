"""The exact reference: the whole problem as one model of OR-Tools, proven where it is small."""
