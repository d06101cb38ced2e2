"""What ECR refuses, a module per subject; each registers its rules on import."""
