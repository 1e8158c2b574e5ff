/** The longest redirect URI that can be registered, in characters. */
export const maxRedirectUriLength = 2000;

/**
 * What a redirect URI is good for. `insecure`: an `http` URI whose host is another machine, to which a code travels in
 * clear; only a client that is registered with `insecure_redirect_uris` may have it.
 */
export type RedirectUriKind = 'secure' | 'insecure';

/** The characters of a URI (RFC 3986 §2), without `#` and `*`. */
const uriText = /^[A-Za-z0-9\-._~:/?[\]@!$&'()+,;=%]+$/;

/** `http` on one of the three names of this machine, with or without a port: RFC 8252 §7.3 and, as command lines use it, `localhost`. */
const loopback = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(?::(\d{1,5}))?(?=[/?]|$)(.*)$/;

/** A scheme that its owner's domain name makes unique, as `com.example.app` (RFC 8252 §7.1): a scheme with a dot. */
const privateScheme = /^[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+:/i;

/**
 * Judges a redirect URI that is to be registered: absolute, without fragment, user info and `*`; `https`, `http` on
 * loopback, or a private scheme (RFC 6749 §3.1.2, RFC 8252 §7).
 * @returns undefined for a text that can never be one
 */
export function redirectUriKind(text: string): RedirectUriKind | undefined {
  if (text.length > maxRedirectUriLength || !uriText.test(text) || /%(?![0-9A-Fa-f]{2})/.test(text)) {
    return undefined;
  }
  if (!URL.canParse(text) || /^[^:]*:\/\/[^/?]*@/.test(text)) return undefined;
  if (/^https:\/\/[^/?]/i.test(text) || privateScheme.test(text)) return 'secure';
  const local = loopback.exec(text);
  if (local) return 'secure';
  return /^http:\/\/[^/?]/i.test(text) ? 'insecure' : undefined;
}

/** Whether a redirect URI is `https`: no other application of the user's device can claim it (RFC 8252 §8.6). */
export function isHttps(redirectUri: string): boolean {
  return /^https:/i.test(redirectUri);
}

/**
 * Whether a presented redirect URI is one of the registered ones: equal byte for byte, except that a loopback URI may
 * have any port (RFC 9700 §2.1, RFC 8252 §7.3). The three loopback hosts are not each other's.
 */
export function isRegisteredRedirectUri(registered: readonly string[], presented: string): boolean {
  return registered.includes(presented) || registered.some((uri) => differsInPortAlone(uri, presented));
}

function differsInPortAlone(registered: string, presented: string): boolean {
  const one = loopback.exec(registered);
  const other = loopback.exec(presented);
  if (!one || !other) return false;
  const [, host, , rest] = one;
  const [, presentedHost, port = '80', presentedRest] = other;
  return host === presentedHost && rest === presentedRest && Number(port) >= 1 && Number(port) <= 65_535;
}

/** Where a redirect URI leads, for a person: its host with its port, or the scheme of an application. */
export function destinationOf(redirectUri: string): string {
  return /^https?:/i.test(redirectUri) ? new URL(redirectUri).host : new URL(redirectUri).protocol;
}
