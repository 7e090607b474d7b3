"""From domain values to what a page shows: words, rows, calendars."""
