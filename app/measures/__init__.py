"""Read-only figures: what reports, credits and what-if all read."""
