"""
Vehicle routing as the literature poses it, through ruin and recreate like the visits.

So that the search can be held against published results: periodic routing (Cordeau, Gendreau,
Laporte), routing with time windows (Solomon) and with capacities (VRPLIB). Words, symbols and
sources: docs/classical.md.
"""
