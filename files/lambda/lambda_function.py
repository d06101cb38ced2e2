"""The function's entry point: `lambda_function.lambda_handler`. Everything else is in the package `rag`."""

from __future__ import annotations

import os

from rag.wiring import start

# Once per container, in Lambda's init phase: clients are made here, nothing is called.
lambda_handler = start(os.environ)
