"""
Long work in its own processes: a supervisor starts keepers, a keeper minds one solver.

The supervisor lives in the server and only claims and starts. A *keeper* holds the claim: heartbeat
and every database write are its, and it survives a restart of the server. The *solver* is the
keeper's child, confined, without database, and may be killed at any moment. docs/jobs.md.
"""
