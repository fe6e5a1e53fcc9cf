"""Attachments: what people send along, stored safely outside any served folder."""
