"""Tests of what an agreement asks of its parties over time."""
