"""The service catalogue: what people can ask for."""
