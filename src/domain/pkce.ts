import { hash, timingSafeEqual } from 'node:crypto';

/** Whether a client must send a challenge (RFC 7636); every public client must (RFC 9700 §2.1.1). */
export type PkceRule = 'required' | 'optional';

/** Whether a text has the form of an S256 challenge: 32 bytes in base64url without padding (RFC 7636 §4.2). */
export function isCodeChallenge(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}

/** Whether a text has the form of a verifier: 43 to 128 unreserved characters (RFC 7636 §4.1). */
export function isCodeVerifier(text: string): boolean {
  return /^[A-Za-z0-9\-._~]{43,128}$/.test(text);
}

/** The S256 challenge of a verifier (RFC 7636 §4.2). */
export function challengeOf(verifier: string): string {
  return hash('sha256', verifier, 'base64url');
}

/** Whether a verifier has the right form and is the one that the challenge was made of (RFC 7636 §4.6). */
export function isVerifierOf(challenge: string, verifier: string): boolean {
  if (!isCodeVerifier(verifier)) return false;
  const made = Buffer.from(challengeOf(verifier));
  const stored = Buffer.from(challenge);
  return made.length === stored.length && timingSafeEqual(made, stored);
}
