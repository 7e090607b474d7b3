"""Files out: sheets, map layers and calendars; formulas neutralised, headings in Chinese."""
