import type { OAuthError, OAuthErrorCode } from '../../../domain/oauth-error.js';
import { formatScope } from '../../../domain/scope.js';
import type { InactiveToken, Inspection, ActiveToken } from '../../../domain/token.service.js';
import { refusalFrame, detailsOf } from '../../response/refusal.js';
import { type JsonMembers, jsonReply, type Reply } from '../../response/reply.js';

/** The product's own texts for the same checks elsewhere. */
const deadTexts: Record<InactiveToken['status'], string> = {
  unknown: 'Unable to find the access token in persistent storage.',
  expired: 'The access token expired.',
  withdrawn: 'The client app was not found or is disabled.',
};

/**
 * Axway API Gateway's token information: 200 with four members and the additional ones, 400 whatever the failure.
 * @param additional members that a setting adds for this token
 */
export function axwayTokenInfo(
  inspection: Inspection,
  additional: (live: ActiveToken) => JsonMembers,
): Reply {
  if (inspection.status !== 'live') return deadReply(inspection);
  const { token, secondsLeft } = inspection;
  return jsonReply(
    200,
    [
      ['audience', token.clientId],
      // For client credentials the client is the user (the product's documented example).
      ['user_id', token.username ?? token.clientId],
      ['scope', formatScope(token.scope)],
      ['expires_in', secondsLeft],
      ...additional(inspection),
    ],
    { details: { realm: token.realm, clientId: token.clientId } },
  );
}

function deadReply({ status }: InactiveToken): Reply {
  const members = errorMembers('invalid_token', deadTexts[status]);
  return jsonReply(400, members, { details: { error: 'invalid_token', detail: status } });
}

/** The answer to a request that can be read, and presents no token. */
export function axwayMissingToken(): Reply {
  const members = errorMembers('invalid_request', 'Unable to find token in the message.');
  return jsonReply(400, members, { details: { error: 'invalid_request', detail: 'no token' } });
}

/** A refusal in the gateway's form: 400 for every failure but a wrong method or a fault of ours. */
export function axwayRefusal(error: OAuthError): Reply {
  const { status, headers } = refusalFrame(error);
  // The flavour has one text for whatever it cannot read, be it too long, of another type or no text.
  const description = status === 400 ? 'The request is malformed.' : error.description;
  return jsonReply(status, errorMembers(error.code, description), { headers, details: detailsOf(error) });
}

function errorMembers(code: OAuthErrorCode, description: string): JsonMembers {
  return [
    ['error', code],
    ['error_description', description],
  ];
}
