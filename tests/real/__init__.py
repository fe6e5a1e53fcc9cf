"""Programs that try the product on material kept outside the project."""
