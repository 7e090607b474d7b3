"""
A made-up district on real village names: same seed, same district, to the byte.

Shapes of villages are the invented ones of ``data/samples/yixiu``; units, people, roads, visits
and market days are drawn here. Names follow a visible scheme, phones a range nobody has, and
there are no identity numbers. ``draw_district`` draws, ``loading`` stores, ``files`` writes the
files that the import journey reads.
"""
