"""The demo: believable organisations, people and a history around now."""
