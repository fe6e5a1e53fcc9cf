"""Outgoing mail: an outbox in the database, drawn and sent later."""
