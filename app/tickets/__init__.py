"""Tickets: what people ask for, said to each other, and what became of it."""
