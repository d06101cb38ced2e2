"""What EC2 refuses, a module per subject; each registers its rules on import."""
