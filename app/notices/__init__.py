"""Notices: an event and the person it is told to, gathered into letters."""
