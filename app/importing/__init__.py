"""Event logs in and out: replay a log through the rules, write promises and events as CSV."""
