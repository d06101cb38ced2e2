"""What Elastic Load Balancing refuses, a module per subject; each registers its rules on import."""
