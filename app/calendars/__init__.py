"""Stored calendars and their versions."""
