"""The front of private REST APIs: what `execute-api` does with a request, by what was deployed."""
