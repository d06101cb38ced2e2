"""How good the answers are, measured by the code that the Lambda function runs: `python -m evaluation --help`."""
