"""
Ruin and recreate in compiled kernels: who goes where on which day.

A piece is one unit with everything it needs in arrays; kernels move whole households in and
out of it; tokens keep the pieces together within what they share. Method: docs/model.md.
"""
