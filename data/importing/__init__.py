"""Sheets, outlines and road files in; validated frames and named problems out."""
