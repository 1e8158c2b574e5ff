import type { IncomingMessage } from 'node:http';
import { malformed, OAuthError } from '../../domain/oauth-error.js';
import { Parameters } from './parameters.js';

/** The longest form that is read, in bytes. */
export const maxFormBytes = 56 * 1024;

const formType = /^application\/x-www-form-urlencoded *(?:; *charset="?utf-8"? *)?$/i;

/** What a form's request must say of its content. */
export interface FormRules {
  /** Whether a missing Content-Type is read as a form. */
  readonly typeMayBeMissing: boolean;
}

/**
 * Reads an `application/x-www-form-urlencoded` body of UTF-8 (RFC 6749 appendix B), at most `maxFormBytes`.
 * @throws OAuthError `invalid_request` for another content type, charset or encoding, a longer body, or a
 *   parameter that is no text
 */
export async function readForm(request: IncomingMessage, rules: FormRules): Promise<Parameters> {
  if (!isForm(request, rules)) {
    throw new OAuthError('invalid_request', 'The body must be application/x-www-form-urlencoded in UTF-8.');
  }
  const text = asciiForm(await readBody(request));
  return new Parameters(text).refuseUnreadable();
}

/** Whether a request says of its body that it is a form in UTF-8. */
export function isForm({ headers }: IncomingMessage, rules: FormRules): boolean {
  const { 'content-type': type, 'content-encoding': encoding } = headers;
  const typed = type === undefined ? rules.typeMayBeMissing : formType.test(type);
  return typed && (encoding === undefined || encoding.toLowerCase() === 'identity');
}

/** So many chunks are kept as they came: one of a single byte takes some 200 of memory. */
const maxChunks = 100;

function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let length = 0;
    const endsEarly = () => reject(malformed('a body that ends too early'));
    request.on('data', (chunk: Buffer) => {
      // What is too long goes by, so that the client can read its answer; the server's request timeout bounds it.
      if (length > maxFormBytes) return;
      length += chunk.length;
      if (length > maxFormBytes) reject(new OAuthError('invalid_request', 'The body is too long.'));
      else chunks.push(chunk);
      if (chunks.length > maxChunks) chunks = [Buffer.concat(chunks)];
    });
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    // An error is followed by the close.
    request.on('error', () => {});
    request.on('close', () => {
      if (!request.complete) endsEarly();
    });
    // The client may have left while its realm was looked for; nothing more is told of the request then.
    if (request.destroyed) endsEarly();
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The body with whatever is not ASCII percent-encoded: senders need not escape it, but it must be UTF-8. */
function asciiForm(body: Buffer): string {
  const text = body.toString('latin1');
  if (!/[^\x20-\x7E]/.test(text)) return text;
  try {
    return utf8.decode(body).replace(/[^\x20-\x7E]+/gu, encodeURIComponent);
  } catch {
    throw malformed('a body that is not UTF-8');
  }
}
