"""`make bench`: what a deployment costs, beside Terraform where it is on the machine. See __main__.py."""
