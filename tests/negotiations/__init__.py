"""Agreements being made and changed by two parties."""
