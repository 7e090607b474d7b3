"""Which rules stand against each other, what change would help, and what else was possible?"""
