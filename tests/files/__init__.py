"""Attachments: stored safely, shown small, cleared up."""
