import type { Inactive, InactiveStatus } from '../../../domain/inactive.js';
import type { OAuthError, OAuthErrorCode } from '../../../domain/oauth-error.js';
import { formatScope } from '../../../domain/scope.js';
import type { ActiveToken, Inspection } from '../../../domain/token.service.js';
import { detailsOf, refusalFrame } from '../../response/refusal.js';
import { type JsonMembers, JsonObject, jsonReply, type Reply } from '../../response/reply.js';
import { tokenIdOf } from '../../response/token-id.js';
import type { AxwayRequest } from './axway.request.js';
import type { AdditionalParameters } from './selectors/additional-parameters.js';

/** The texts that the product uses for the same checks in other places. */
const inactiveTexts: Record<InactiveStatus, string> = {
  unknown: 'Unable to find the access token in persistent storage.',
  expired: 'The access token expired.',
  disabled: 'The client app was not found or is disabled.',
};

/**
 * Axway API Gateway's token information: 200 with four members and the additional ones, 400 for every
 * failure.
 * @param additional members that a setting adds
 * @throws OAuthError `invalid_request` when such a member reads a parameter that was sent twice or is
 *   unreadable
 */
export function axwayTokenInfo(
  inspection: Inspection,
  asked: AxwayRequest,
  additional: AdditionalParameters,
): Reply {
  return inspection.status === 'active'
    ? activeReply(inspection, asked, additional)
    : inactiveReply(inspection, asked);
}

function activeReply(active: ActiveToken, asked: AxwayRequest, additional: AdditionalParameters): Reply {
  const { token, client, secondsLeft } = active;
  const { realm, clientId, username, scope } = token;
  const body = new JsonObject()
    .add('audience', clientId)
    // For client credentials the client is the user (the product's documented example).
    .add('user_id', username ?? clientId)
    .add('scope', formatScope(scope))
    .add('expires_in', secondsLeft);
  if (!additional.isEmpty) {
    const members = additional.members({ ...asked, presented: asked.token ?? '', active });
    for (const [name, value] of members) body.add(name, value);
  }
  return jsonReply(200, body, { details: { realm, clientId, application: client.application, username } });
}

function inactiveReply({ status, reason }: Inactive, { token }: AxwayRequest): Reply {
  if (reason === 'no_token') {
    const members = errorMembers('invalid_request', 'Unable to find token in the message.');
    return jsonReply(400, members, { details: { error: 'invalid_request', detail: 'no token', reason } });
  }
  const members = errorMembers('invalid_token', inactiveTexts[status]);
  return jsonReply(400, members, {
    details: { error: 'invalid_token', detail: status, reason, tokenId: tokenIdOf(reason, token) },
  });
}

/** A refusal in the gateway's form: 400 for every failure except a wrong method or a server error. */
export function axwayRefusal(error: OAuthError): Reply {
  const { status, headers } = refusalFrame(error);
  // The flavour has one text for every request that it cannot read: too long, of another type, or not a text.
  const description = status === 400 ? 'The request is malformed.' : error.description;
  return jsonReply(status, errorMembers(error.code, description), { headers, details: detailsOf(error) });
}

function errorMembers(code: OAuthErrorCode, description: string): JsonMembers {
  return [
    ['error', code],
    ['error_description', description],
  ];
}
