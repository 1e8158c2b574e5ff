import type { Attributes } from '../../../domain/attributes.js';
import type { Inactive } from '../../../domain/inactive.js';
import type { OAuthError } from '../../../domain/oauth-error.js';
import type { AnswerDetails } from '../../../observability/request-observer.js';
import { rootRealm } from '../../../domain/realm.js';
import type { ActiveToken, Inspection } from '../../../domain/token.service.js';
import { detailsOf, MethodNotAllowed, methodNotAllowed, refusalFrame } from '../../response/refusal.js';
import {
  type AnswerTemplate,
  answerTemplate,
  filledReply,
  presentedToken,
  secondsLeft,
} from '../../response/answer-template.js';
import { type JsonMembers, jsonReply, type JsonValue, type Reply } from '../../response/reply.js';
import { tokenIdOf } from '../../response/token-id.js';
import type { ForgeRockRequest } from './forgerock.request.js';
import type { InactiveTokenStyle } from './forgerock.settings.js';

/** What is answered about an active token, except for its value and its seconds. */
export interface ActiveAnswer {
  readonly body: AnswerTemplate;
  readonly details: AnswerDetails;
}

/**
 * ForgeRock AM's legacy `/oauth2/tokeninfo`: 200 for an active token, else 401 (400 for `openam12`).
 * @param answerOf `forgeRockAnswer`, or what keeps its results
 */
export function forgeRockTokenInfo(
  inspection: Inspection,
  asked: ForgeRockRequest,
  style: InactiveTokenStyle,
  answerOf: (active: ActiveToken) => ActiveAnswer = forgeRockAnswer,
): Reply {
  if (inspection.status !== 'active') return inactiveReply(inspection, asked, style);
  const { body, details } = answerOf(inspection);
  return filledReply(body, asked.token ?? '', inspection.secondsLeft, details);
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

/** What is answered about an active token. */
export function forgeRockAnswer({ token, client, resourceOwner }: ActiveToken): ActiveAnswer {
  const { realm, clientId, username, grantType, authLevel, scope } = token;
  const body = answerTemplate([
    ['access_token', presentedToken],
    ['grant_type', grantType],
    ['auth_level', authLevel],
    ['scope', scope],
    ['realm', realm],
    ['token_type', 'Bearer'],
    ['expires_in', secondsLeft],
    ...scopeMembers(scope, (resourceOwner ?? client).attributes),
    ['client_id', clientId],
  ]);
  return { body, details: { realm, clientId, application: client.application, username } };
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
function scopeMembers(scope: readonly string[], profile: Attributes): [string, JsonValue][] {
  return scope
    .filter((name) => !standardKeys.has(name))
    .map((name) => [name, profile.get(name)?.join(',') ?? '']);
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
