"""The permissions of each operation, one module per service. Resource types: the Service Authorization Reference."""
