"""Escalation: what is due is told to the responsible people, exactly once."""
