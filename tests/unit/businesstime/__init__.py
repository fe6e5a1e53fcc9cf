"""Tests of business time against an oracle, laws and tables of known cases."""
