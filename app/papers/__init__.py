"""Agreements laid out to be read: what templates of the page, the proposal and the PDF show."""
