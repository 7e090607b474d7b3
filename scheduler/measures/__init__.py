"""
What the figures mean: one file for each, and these are the only definitions.

Days are calendar days, weeks start on Monday, periods include both ends (docs/model.md).
Every function takes values and returns values.
"""
