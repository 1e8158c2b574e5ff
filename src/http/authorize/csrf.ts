import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { OAuthError } from '../../domain/oauth-error.js';

/** The forms that are protected. */
export type ProtectedForm = 'login' | 'consent' | 'logout';

/**
 * The value that a form must hold, so that no other site can send it: a hash of what only this browser has. Nothing is
 * stored.
 * @param secret the value of the browser's cookie
 * @param request what else the form is bound to
 */
export function csrfValue(form: ProtectedForm, secret: string, request: readonly string[] = []): string {
  return createHash('sha256')
    .update(JSON.stringify([form, secret, ...request]))
    .digest('base64url');
}

/** Whether a form holds the value that it must hold. */
export function isCsrfValue(presented: string | undefined, expected: string): boolean {
  if (presented === undefined) return false;
  const [one, other] = [presented, expected].map((text) => Buffer.from(text));
  return one.length === other.length && timingSafeEqual(one, other);
}

/**
 * Whether a browser says that another site has sent a form. A program that is no browser sends neither header; the form's
 * value alone decides then.
 * @param origin the origin of our issuer
 */
export function isCrossSite({ headers }: Pick<IncomingMessage, 'headers'>, origin: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return headers.origin !== undefined && headers.origin !== origin;
}

/** The refusal of a form that another site may have sent. */
export function forged(detail: string): OAuthError {
  return new OAuthError('bad_request', 'The form was not sent by our page.', detail);
}
