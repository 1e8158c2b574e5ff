const bearer = /^bearer(?: +(.*))?$/i;

/**
 * The token of an `Authorization: Bearer …` header (RFC 6750 §2.1), with the scheme in any case; undefined
 * for no header, another scheme, or nothing behind the scheme.
 */
export function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  return bearer.exec(authorization)?.[1] || undefined;
}
