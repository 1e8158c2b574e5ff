"""Shows that connexion accepts our tokens where an OpenAPI document names our tokeninfo endpoints (x-tokenInfoUrl).

It is a resource server whose operations /axway and /forgerock ask for the scope "read". Each line of its input is
answered with one line:

    check FLAVOUR SERVER TOKEN    "passes" and the client, or how the resource server refuses the token
"""

import sys
from functools import cache
from pathlib import Path

from connexion import AsyncApp
from connexion.resolver import Resolver

OUTCOMES = {401: "invalid_token", 403: "insufficient_scope"}


def read(token_info):
    """The operation: answers what connexion knows of the token."""
    return token_info.get("client_id") or token_info["audience"]


@cache
def resource_server(server):
    """The resource server that asks this server."""
    app = AsyncApp(__name__, specification_dir=str(Path(__file__).parent))
    app.add_api("openapi.yaml", arguments={"server": server}, resolver=Resolver(lambda operation_id: read))
    client = app.test_client(raise_server_exceptions=False)
    # One event loop for all requests, as under a real server.
    return client.__enter__()


def check(flavour, server, token):
    response = resource_server(server).get(f"/{flavour}", headers={"Authorization": f"Bearer {token}"})
    if response.status_code == 200:
        return f"passes {response.json()}"
    return OUTCOMES.get(response.status_code, f"failed {response.status_code}")


for line in sys.stdin:
    _, *words = line.split()
    print(check(*words), flush=True)
