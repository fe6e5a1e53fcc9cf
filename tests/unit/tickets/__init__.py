"""Tests of what is pure in `app.tickets`."""
