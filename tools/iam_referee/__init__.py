"""Another evaluator of IAM policies, as referee of the local cloud's own."""
