import type { Attributes } from '../../domain/attributes.js';
import type { OAuthError } from '../../domain/oauth-error.js';
import type { Inspection, LiveToken } from '../../domain/token.service.js';
import { refusalFrame, traceOf } from '../refusal.js';
import { type JsonMembers, jsonReply, type JsonValue, type Reply } from '../reply.js';

/** What was presented to ForgeRock's tokeninfo. */
export interface PresentedToken {
  /** Undefined when there was none. */
  readonly value: string | undefined;
  /** Path of the realm that was asked; the root realm when none was. */
  readonly realm: string;
}

/** ForgeRock AM's legacy `/oauth2/tokeninfo`: 200 with the token's information, 401 for every dead token. */
export function forgeRockTokenInfo(inspection: Inspection, presented: PresentedToken): Reply {
  if (inspection.status === 'live') return liveReply(inspection, presented.value ?? '');
  const challenge = presented.value === undefined ? '' : ', error="invalid_token"';
  return jsonReply(
    401,
    [
      [
        'error_description',
        'The access token provided is expired, revoked, malformed, or invalid for other reasons.',
      ],
      ['error', 'invalid_token'],
    ],
    {
      headers: { 'WWW-Authenticate': `Bearer realm="${presented.realm}"${challenge}` },
      trace: { realm: presented.realm, error: 'invalid_token', detail: inspection.status },
    },
  );
}

function liveReply({ token, secondsLeft, client, resourceOwner }: LiveToken, value: string): Reply {
  const standard: JsonMembers = [
    ['access_token', value],
    ['grant_type', token.grantType],
    ['auth_level', token.authLevel],
    ['scope', token.scope],
    ['realm', token.realm],
    ['token_type', 'Bearer'],
    ['expires_in', secondsLeft],
  ];
  const profile = scopeMembers(token.scope, (resourceOwner ?? client).attributes);
  return jsonReply(200, [...standard, ...profile, ['client_id', token.clientId]], {
    trace: { realm: token.realm, clientId: token.clientId },
  });
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
 * One member per scope: the profile attribute of that name. AM lets a scope overwrite a standard key; here the
 * standard key wins, since a scope must not be able to forge a realm or a client.
 */
function scopeMembers(scope: readonly string[], profile: Attributes): [string, JsonValue][] {
  return scope
    .filter((name) => !standardKeys.has(name))
    .map((name) => [name, profile.get(name)?.join(',') ?? '']);
}

/** A refusal in AM's form: the description first. */
export function forgeRockRefusal(error: OAuthError, realm?: string): Reply {
  const { status, headers } = refusalFrame(error);
  const members: JsonMembers = [
    ['error_description', error.description],
    ['error', error.code],
  ];
  return jsonReply(status, members, { headers, trace: traceOf(error, realm) });
}
