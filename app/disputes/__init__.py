"""Disputes: a party contests a fact, both decide, a correction is a new fact."""
