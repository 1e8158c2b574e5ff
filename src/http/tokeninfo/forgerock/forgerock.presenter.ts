import type { Attributes } from '../../../domain/attributes.js';
import type { OAuthError } from '../../../domain/oauth-error.js';
import type { Inspection, ActiveToken } from '../../../domain/token.service.js';
import { refusalFrame, detailsOf } from '../../response/refusal.js';
import { type JsonMembers, jsonReply, type JsonValue, type Reply } from '../../response/reply.js';

/** What was presented to ForgeRock's tokeninfo. */
export interface PresentedToken {
  /** Undefined when there was none. */
  readonly value: string | undefined;
  /** Path of the realm that was asked; the root realm when none was. */
  readonly realm: string;
}

/** AM's answer for a dead token: of today, or of its versions 12 to 13.0. */
export type DeadTokenStyle = 'modern' | 'openam12';

/** ForgeRock AM's legacy `/oauth2/tokeninfo`: 200 with the token's information, 401 for every dead token. */
export function forgeRockTokenInfo(
  inspection: Inspection,
  presented: PresentedToken,
  style: DeadTokenStyle,
): Reply {
  if (inspection.status === 'live') return liveReply(inspection, presented.value ?? '');
  const { status, error, description, headers } = deadAnswer(presented, style);
  return jsonReply(
    status,
    [
      ['error_description', description],
      ['error', error],
    ],
    { headers, details: { realm: presented.realm, error, detail: inspection.status } },
  );
}

interface DeadAnswer {
  readonly status: number;
  readonly error: string;
  readonly description: string;
  readonly headers: Record<string, string>;
}

function deadAnswer({ value, realm }: PresentedToken, style: DeadTokenStyle): DeadAnswer {
  if (style === 'openam12') {
    return { status: 400, error: 'invalid_request', description: 'Access Token not valid', headers: {} };
  }
  const challenge = value === undefined ? '' : ', error="invalid_token"';
  return {
    status: 401,
    error: 'invalid_token',
    description: 'The access token provided is expired, revoked, malformed, or invalid for other reasons.',
    headers: { 'WWW-Authenticate': `Bearer realm="${realm}"${challenge}` },
  };
}

function liveReply({ token, secondsLeft, client, resourceOwner }: ActiveToken, value: string): Reply {
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
    details: { realm: token.realm, clientId: token.clientId },
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
  return jsonReply(status, members, { headers, details: detailsOf(error, realm) });
}
