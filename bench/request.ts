/** The text of a request, before and behind its token. */
export interface Request {
  readonly before: string;
  readonly behind: string;
}

/** The text of a request with this token. */
export function written({ before, behind }: Request, token: string): string {
  return before + token + behind;
}

/** ForgeRock's tokeninfo, the token in the header. */
export const forgeRockGet: Request = {
  before: 'GET /oauth2/tokeninfo HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ',
  behind: '\r\n\r\n',
};

/** Axway's tokeninfo, the token in the query. */
export const axwayGet: Request = {
  before: 'GET /api/oauth/tokeninfo?access_token=',
  behind: ' HTTP/1.1\r\nHost: bench\r\n\r\n',
};

/**
 * A POST request with a form that ends in the token.
 * @param form the form without the token
 * @param lengthOfToken in bytes
 */
export function formPost(
  path: string,
  form: string,
  lengthOfToken: number,
  headers: readonly string[] = [],
): Request {
  const length = form.length + lengthOfToken;
  const type = 'Content-Type: application/x-www-form-urlencoded';
  const head = [`POST ${path} HTTP/1.1`, 'Host: bench', ...headers, type, `Content-Length: ${length}`];
  return { before: `${head.join('\r\n')}\r\n\r\n${form}`, behind: '' };
}

/** The header of HTTP Basic authentication (RFC 6749 §2.3.1) for names and secrets that need no encoding. */
export function basic(id: string, secret: string): string {
  return `Authorization: Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}
