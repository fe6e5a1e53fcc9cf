"""People: who they are, where they belong, what they may see, how they sign in."""
