"""What an agreement asks of its parties over time: reviews, renewal, notice, its end."""
