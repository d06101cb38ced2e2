"""What Application Auto Scaling refuses, a module per subject; each registers its rules on import."""
