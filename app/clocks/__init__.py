"""The clocks of a ticket: rules, ladders, explanation (clocks.md, escalation.md)."""
