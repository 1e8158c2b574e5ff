import { formatScope } from '../../domain/scope.js';
import type { IssuedToken } from '../../domain/token.service.js';
import { jsonReply, type Reply } from '../reply.js';

/** A successful access token response (RFC 6749 §5.1), in the order of ForgeRock's sample. */
export function tokenReply({ value, token, expiresIn }: IssuedToken): Reply {
  return jsonReply(
    200,
    [
      ['access_token', value],
      ['scope', formatScope(token.scope)],
      ['token_type', 'Bearer'],
      ['expires_in', expiresIn],
    ],
    { trace: { realm: token.realm, clientId: token.clientId } },
  );
}
