"""Holds a server against its OpenAPI document, with requests that schemathesis invents.

Each line of the input is `DOCUMENT URL SECONDS TOKEN`: a file, the base URL of a server, how long to ask it, and a Bearer
token, or `-`. The answer to it is a line of JSON: {"passed": true or false, "report": what schemathesis printed}.
"""

import json
import subprocess
import sys
from pathlib import Path

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
]

START = "from schemathesis.cli import schemathesis; schemathesis()"


def check(document, url, seconds, token):
    options = ["--url", url, "--max-time", seconds, "--checks", ",".join(CHECKS)]
    options += ["--phases", "examples,coverage,fuzzing", "--continue-on-failure"]
    # The same requests in every run, as far as there is time for them.
    options += ["--seed", "1", "--max-examples", "5", "--no-shrink", "--warnings", "off"]
    if token != "-":
        options += ["--header", f"Authorization: Bearer {token}", "--checks", ",".join([*CHECKS, "ignored_auth"])]
    run = subprocess.run(
        [sys.executable, "-X", "utf8", "-B", "-c", START, "run", document, *options],
        cwd=Path(__file__).parent,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=3 * int(seconds),
    )
    return {"passed": run.returncode == 0, "report": run.stdout + run.stderr}


for line in sys.stdin:
    print(json.dumps(check(*line.split())), flush=True)
