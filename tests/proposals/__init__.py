"""The pages on which agreements are proposed, signed and given up."""
