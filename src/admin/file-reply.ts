import type { Reply } from '../http/response/reply.js';

/** An answer with a file. */
export function fileReply(type: string, body: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status: 200, headers: { 'Content-Type': type, ...headers }, body };
}

/**
 * A policy for a page whose files all come from this listener (CSP Level 3): nothing from another address.
 * @param more what else its styles and images may be
 */
export function ownFilesPolicy(more: { readonly styles?: string; readonly images?: string } = {}): string {
  const own = (added = '') => `'self'${added && ` ${added}`}`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${own(more.styles)}`,
    `img-src ${own(more.images)}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
