// The one rule of a token's times. All times are milliseconds since 1970.

/**
 * When a token ends that may live until this time: at the next whole second. So it never ends before what was announced,
 * and introspection's `exp`, in whole seconds, is exactly its end.
 */
export function endAt(time: number): number {
  return Math.ceil(time / 1000) * 1000;
}

/** When a token of this lifetime ends, which is in whole seconds. */
export function endAfter(issuedAt: number, lifetime: number): number {
  return endAt(issuedAt + lifetime * 1000);
}

/** Whether a token has ended. */
export function hasEnded(expiresAt: number, now: number): boolean {
  return now >= expiresAt;
}

/**
 * What an answer about a token that has not ended says in `expires_in`: whole seconds left, but never 0, and never more
 * than its lifetime.
 */
export function secondsLeft(expiresAt: number, now: number): number {
  return Math.max(1, Math.floor((expiresAt - now) / 1000));
}

/** A time as introspection's `exp` and `iat` have it: whole seconds since 1970. */
export function numericDate(time: number): number {
  return Math.floor(time / 1000);
}
