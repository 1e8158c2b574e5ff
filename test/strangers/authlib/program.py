"""Shows that authlib gets, refreshes, introspects and revokes our tokens, with the client in the header or the form.

Each line of its input is answered with one line. AUTHENTICATION is "basic" or "post", REALM the URL of a realm's
endpoints.

    client_credentials AUTHENTICATION REALM SECRET SCOPE             "token", the access token
    password AUTHENTICATION REALM SECRET SCOPE USERNAME PASSWORD     "token", the access token, the refresh token
    refresh AUTHENTICATION REALM SECRET REFRESH_TOKEN                the same
    revoke AUTHENTICATION REALM SECRET TOKEN                         "done"
    check AUTHENTICATION REALM SECRET TOKEN                          "passes" and the client, or the error
    begin AUTHENTICATION REALM SECRET REDIRECT_URI                   where the user signs in, the state, the verifier
    finish AUTHENTICATION REALM SECRET REDIRECT_URI ANSWER STATE VERIFIER
                                                                     "token", the access token, the refresh token
"""

import sys
from types import SimpleNamespace

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc6749 import ResourceProtector
from authlib.oauth2.rfc6750 import InsufficientScopeError, InvalidTokenError
from authlib.oauth2.rfc7662 import IntrospectTokenValidator


def session(authentication, secret):
    return OAuth2Session("app", secret, token_endpoint_auth_method=f"client_secret_{authentication}")


class Validator(IntrospectTokenValidator):
    """Asks the server, as authlib's documentation shows it."""

    def __init__(self, client, endpoint):
        super().__init__()
        self.client = client
        self.endpoint = endpoint

    def introspect_token(self, token_string):
        response = self.client.introspect_token(self.endpoint, token=token_string)
        response.raise_for_status()
        return response.json()


def issued(token):
    return f"token {token['access_token']} {token.get('refresh_token', '')}".strip()


def client_credentials(client, realm, scope):
    return issued(client.fetch_token(f"{realm}/access_token", grant_type="client_credentials", scope=scope))


def password(client, realm, scope, username, password):
    return issued(client.fetch_token(f"{realm}/access_token", username=username, password=password, scope=scope))


def refresh(client, realm, refresh_token):
    return issued(client.refresh_token(f"{realm}/access_token", refresh_token=refresh_token))


def revoke(client, realm, token):
    client.revoke_token(f"{realm}/token/revoke", token=token).raise_for_status()
    return "done"


def check(client, realm, token):
    """A resource server that asks for the scope "read"."""
    protector = ResourceProtector()
    protector.register_token_validator(Validator(client, f"{realm}/introspect"))
    request = SimpleNamespace(headers={"Authorization": f"Bearer {token}"})
    return f"passes {protector.validate_request(['read'], request)['client_id']}"


def begin(client, realm, redirect_uri):
    client.redirect_uri = redirect_uri
    client.code_challenge_method = "S256"
    verifier = generate_token(48)
    address, state = client.create_authorization_url(f"{realm}/authorize", code_verifier=verifier)
    return f"{address} {state} {verifier}"


def finish(client, realm, redirect_uri, answer, state, verifier):
    client.redirect_uri = redirect_uri
    return issued(
        client.fetch_token(
            f"{realm}/access_token", authorization_response=answer, state=state, code_verifier=verifier
        )
    )


FUNCTIONS = (client_credentials, password, refresh, revoke, check, begin, finish)
COMMANDS = {function.__name__: function for function in FUNCTIONS}


def answer(command, authentication, realm, secret, *words):
    try:
        return COMMANDS[command](session(authentication, secret), realm, *words)
    except (InvalidTokenError, InsufficientScopeError) as error:
        return error.error
    except OAuthError as error:
        return f"refused {error.error}"
    except requests.HTTPError as error:
        return f"failed {error.response.status_code}"
    except requests.ConnectionError:
        return "failed ConnectionError"


for line in sys.stdin:
    print(answer(*line.split()), flush=True)
