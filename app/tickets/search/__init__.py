"""Search: a line of words and fields, understood, looked up and explained."""
