"""The contract: what was signed, its versions, tiers, targets and ladders (agreements.md)."""
