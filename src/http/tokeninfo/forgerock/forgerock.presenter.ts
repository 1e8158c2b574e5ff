import type { Attributes } from '../../../domain/attributes.js';
import type { Inactive } from '../../../domain/inactive.js';
import type { OAuthError } from '../../../domain/oauth-error.js';
import { rootRealm } from '../../../domain/realm.js';
import type { ActiveToken, Inspection } from '../../../domain/token.service.js';
import { detailsOf, MethodNotAllowed, methodNotAllowed, refusalFrame } from '../../response/refusal.js';
import { type JsonMembers, JsonObject, jsonReply, type Reply } from '../../response/reply.js';
import { tokenIdOf } from '../../response/token-id.js';
import type { ForgeRockRequest } from './forgerock.request.js';
import type { InactiveTokenStyle } from './forgerock.settings.js';

/** ForgeRock AM's legacy `/oauth2/tokeninfo`: 200 for an active token, else 401 (400 for `openam12`). */
export function forgeRockTokenInfo(
  inspection: Inspection,
  asked: ForgeRockRequest,
  style: InactiveTokenStyle,
): Reply {
  return inspection.status === 'active'
    ? activeReply(inspection, asked.token ?? '')
    : inactiveReply(inspection, asked, style);
}

function inactiveReply(
  { status, reason }: Inactive,
  { token, realm = rootRealm }: ForgeRockRequest,
  style: InactiveTokenStyle,
): Reply {
  const [error, description] =
    style === 'openam12'
      ? ['invalid_request', 'Access Token not valid']
      : [
          'invalid_token',
          'The access token provided is expired, revoked, malformed, or invalid for other reasons.',
        ];
  const challenge = `Bearer realm="${realm}"${reason === 'no_token' ? '' : ', error="invalid_token"'}`;
  return jsonReply(
    style === 'openam12' ? 400 : 401,
    [
      ['error_description', description],
      ['error', error],
    ],
    {
      headers: style === 'openam12' ? {} : { 'WWW-Authenticate': challenge },
      details: { realm, error, detail: status, reason, tokenId: tokenIdOf(reason, token) },
    },
  );
}

function activeReply({ token, secondsLeft, client, resourceOwner }: ActiveToken, value: string): Reply {
  const { realm, clientId, username, scope } = token;
  const body = new JsonObject()
    .add('access_token', value)
    .add('grant_type', token.grantType)
    .add('auth_level', token.authLevel)
    .add('scope', scope)
    .add('realm', realm)
    .add('token_type', 'Bearer')
    .add('expires_in', secondsLeft);
  addScopeMembers(body, scope, (resourceOwner ?? client).attributes);
  body.add('client_id', clientId);
  return jsonReply(200, body, { details: { realm, clientId, application: client.application, username } });
}

const standardKeys = new Set([
  'access_token',
  'grant_type',
  'auth_level',
  'scope',
  'realm',
  'token_type',
  'expires_in',
  'client_id',
]);

/**
 * One member per scope: the profile attribute of that name. AM lets a scope overwrite a standard key; here
 * the standard key wins, since a scope must not be able to forge a realm or a client.
 */
function addScopeMembers(body: JsonObject, scope: readonly string[], profile: Attributes): void {
  for (const name of scope) {
    if (!standardKeys.has(name)) body.add(name, profile.get(name)?.join(',') ?? '');
  }
}

/** A refusal in AM's form: the description first. A wrong method is an error of HTTP, as an unknown path is. */
export function forgeRockRefusal(error: OAuthError, realm?: string): Reply {
  if (error instanceof MethodNotAllowed) return methodNotAllowed(error, realm);
  const { status, headers } = refusalFrame(error);
  const members: JsonMembers = [
    ['error_description', error.description],
    ['error', error.code],
  ];
  return jsonReply(status, members, { headers, details: detailsOf(error, realm) });
}
