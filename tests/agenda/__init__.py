"""Tests of the pages of what is coming of agreements."""
