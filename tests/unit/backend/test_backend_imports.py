"""What a cold start must not import: each of these would cost tens of milliseconds for nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3] / "files" / "lambda"
LAZY = {
    "aiohttp",
    "asyncio",
    "aws_lambda_powertools",
    "boto3",
    "cryptography",
    "elasticsearch",
    "joserfc",
    "jwt",
    "numpy",
    "opensearchpy",
    "pydantic",
    "s3transfer",
    "unittest",
}
ENVIRONMENT = {
    "AWS_REGION": "ap-northeast-1",
    "ES_HOST": "search.example",
    "ES_INDEX": "docs",
    "ES_SECRET_ID": "chatbot/search",
    "BEDROCK_MODEL_ID": "jp.anthropic.claude-opus-5-5",
    "DYNAMODB_TABLE_NAME": "ChatHistory",
    "STREAMING": "true",
}
START = f"""
import json, sys
sys.path.insert(0, {str(ROOT)!r})
from rag import wiring
handler = wiring.start({ENVIRONMENT!r})
assert handler._service is not None
print(json.dumps(sorted(sys.modules)))
"""


def test_the_wired_function_has_imported_nothing_that_a_question_may_never_need() -> None:
    done = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}
    assert {"rag", "botocore", "requests"} <= loaded
    assert not loaded & LAZY
