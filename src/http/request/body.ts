import type { IncomingMessage } from 'node:http';
import { malformed } from '../../domain/oauth-error.js';

/** More chunks than this are merged: a chunk takes about 200 bytes of memory, even if it holds one byte. */
const maxChunks = 100;

/**
 * Reads the body of a request.
 * @param maxBytes the longest body
 * @param tooLong makes the error for a longer one
 * @throws OAuthError `invalid_request` for a body that ends too early
 */
export function readBody(request: IncomingMessage, maxBytes: number, tooLong: () => Error): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let length = 0;
    const endsEarly = () => reject(malformed('a body that ends too early'));
    request.on('data', (chunk: Buffer) => {
      // The rest of a body that is too long is read and dropped, so that the client can read its answer. The
      // server's request timeout limits how long that takes.
      if (length > maxBytes) return;
      length += chunk.length;
      if (length > maxBytes) reject(tooLong());
      else chunks.push(chunk);
      if (chunks.length > maxChunks) chunks = [Buffer.concat(chunks)];
    });
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    // The close event that follows an error rejects the promise.
    request.on('error', () => {});
    request.on('close', () => {
      if (!request.complete) endsEarly();
    });
    // The client may have disconnected during the look-up of its realm; no further events follow then.
    if (request.destroyed) endsEarly();
  });
}
