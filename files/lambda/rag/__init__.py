"""The RAG backend: a pure core (`pipeline`) behind three ports, with thin edges to HTTP and AWS."""
