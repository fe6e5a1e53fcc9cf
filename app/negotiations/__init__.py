"""How two parties come to a version: drafts, proposals, comments, signatures, plans."""
