"""What a service requires of those who work on it, and who holds it until when."""
