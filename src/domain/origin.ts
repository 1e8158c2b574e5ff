const local = /^http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)(?::\d+)?$/;

/**
 * Whether a text is an origin as a browser writes it in the header `Origin` (RFC 6454 §6.2): `https`, or `http` on
 * loopback, a host in lower case, and the port unless it is the scheme's own.
 */
export function isOrigin(text: string): boolean {
  if (!URL.canParse(text) || new URL(text).origin !== text) return false;
  return text.startsWith('https://') || local.test(text);
}
