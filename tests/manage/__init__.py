"""Tests of the pages of manage."""
