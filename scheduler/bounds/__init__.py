"""How good can any plan be at best? Column generation over the days of every cadre."""
