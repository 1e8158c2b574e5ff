import { formatScope } from '../../domain/scope.js';
import type { IssuedTokens } from '../../domain/token.service.js';
import { formattedReply, jsonReply, type Reply } from '../response/reply.js';
import type { TokenFormat } from './token-request.js';

/** A successful access token response (RFC 6749 §5.1), in the order of ForgeRock's sample. */
export function tokenReply(issued: IssuedTokens, format: TokenFormat = 'json'): Reply {
  const { accessToken, refreshToken, token, client, expiresIn } = issued;
  const details = { realm: token.realm, clientId: token.clientId, application: client.application };
  const members: [name: string, value: string | number][] = [
    ['access_token', accessToken],
    ...(refreshToken === undefined ? [] : [['refresh_token', refreshToken] as [string, string]]),
    ['scope', formatScope(token.scope)],
    ['token_type', 'Bearer'],
    ['expires_in', expiresIn],
  ];
  switch (format) {
    case 'json':
      return jsonReply(200, members, { details });
    case 'urlencoded': {
      const body = new URLSearchParams(
        members.map(([name, value]): [string, string] => [name, String(value)]),
      );
      return formattedReply('application/x-www-form-urlencoded', body.toString(), details);
    }
    case 'xml': {
      const elements = members.map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`);
      return formattedReply('application/xml', `<oauth>${elements.join('')}</oauth>`, details);
    }
  }
}

/** Escapes the characters that element content must not hold (XML 1.0 §2.4). */
function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
