"""
A Dask cluster as the crew of a search: the same plan, computed on other computers.

What is held is sent to every worker once; states travel with each task. A lost task is done
again from its input, there or, if the cluster is gone, here: it costs time, never the plan.
Only numbers are sent, no names and no ids. docs/cluster.md.
"""
