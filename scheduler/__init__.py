"""Who is visited when, and by whom? Problem in, plan out."""
