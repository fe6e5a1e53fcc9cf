"""Tests of obligations, without a database."""
