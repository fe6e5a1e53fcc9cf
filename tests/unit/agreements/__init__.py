"""Tests of reading agreement files, without a database."""
