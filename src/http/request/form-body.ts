import type { IncomingMessage } from 'node:http';
import { malformed, OAuthError } from '../../domain/oauth-error.js';
import { readBody } from './body.js';
import { mediaTypeOf } from './media-type.js';
import { FormParameters } from './parameters.js';

/** The longest form that is read, in bytes. */
export const maxFormBytes = 56 * 1024;

const formType = 'application/x-www-form-urlencoded';

/** What the headers of a request with a form must declare. */
export interface FormRules {
  /** Whether a missing Content-Type is read as a form. */
  readonly typeMayBeMissing: boolean;
}

/**
 * Reads an `application/x-www-form-urlencoded` body of UTF-8 (RFC 6749 appendix B), at most `maxFormBytes`. The media
 * type has no parameters, so a `charset` means nothing: clients name one that their bytes are not in.
 * @throws OAuthError `invalid_request` for another content type or encoding, a longer body, or an unreadable parameter
 */
export async function readForm(request: IncomingMessage, rules: FormRules): Promise<FormParameters> {
  if (!isFormType(request, rules)) throw wrongHeader(`The header Content-Type must be ${formType}.`);
  if (isEncoded(request)) throw wrongHeader('The header Content-Encoding must be identity.');
  const text = asciiForm(await readBody(request, maxFormBytes, tooLong));
  return new FormParameters(text).refuseUnreadable();
}

/** Whether the request's headers declare its body to be a form. */
export function isForm(request: IncomingMessage, rules: FormRules): boolean {
  return isFormType(request, rules) && !isEncoded(request);
}

function isFormType(request: IncomingMessage, { typeMayBeMissing }: FormRules): boolean {
  const type = mediaTypeOf(request);
  return type === undefined ? typeMayBeMissing : type === formType;
}

/** Whether the body is compressed, or encoded in another way. */
function isEncoded({ headers: { 'content-encoding': encoding } }: IncomingMessage): boolean {
  return encoding !== undefined && encoding.toLowerCase() !== 'identity';
}

function wrongHeader(description: string): OAuthError {
  return new OAuthError('invalid_request', description);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function tooLong(): OAuthError {
  return new OAuthError('invalid_request', 'The body is too long.');
}

/** The body, percent-encoded except for printable ASCII: senders need not encode, but must send UTF-8. */
function asciiForm(body: Buffer): string {
  const text = body.toString('latin1');
  if (!/[^\x20-\x7E]/.test(text)) return text;
  try {
    return utf8.decode(body).replace(/[^\x20-\x7E]+/gu, encodeURIComponent);
  } catch {
    throw malformed('a body that is not UTF-8');
  }
}
