"""What the backend itself costs: `make bench ONLY=backend`."""
