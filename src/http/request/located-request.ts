import type { IncomingMessage } from 'node:http';
import { type OAuth2Path, parseOAuth2Path } from './realm-path.js';

/** A request with a normalised URL, and the parts that were taken out of the URL. */
export type LocatedRequest = IncomingMessage & {
  /** For a path below `/oauth2`: its realm and endpoint. */
  oauth2?: OAuth2Path;
  /** The path of the issuer's identifier behind `metadataPath`; undefined for none. */
  issuerPath?: string;
  /** Path of the realm that was found for the request; its answer and observers use it. */
  realm?: string;
  /** How the service was asked, for observers: see `ObservedRequest.operation`. */
  operation?: string;
  /** The route that handles the request, for observers: set by Express or by the fast path. */
  route?: { readonly path: string };
};

/** Path of the metadata endpoint; the path of an issuer's identifier follows it (RFC 8414 §3.1). */
export const metadataPath = '/.well-known/oauth-authorization-server';

const origin = /^https?:\/\/[^/?]*/i;

/** A request target that Express routes unchanged; it would rewrite any other. */
const plainTarget = /^\/[^#\s]*$/;

/**
 * Rewrites the request's URL to the one that its endpoint is routed by: without origin (RFC 9112 §3.2.2
 * allows the absolute form), deployment prefix, realm and issuer. A target that is not a path becomes `/`,
 * which has no endpoint.
 */
export function normalizeUrl(request: LocatedRequest, basePrefix: string): void {
  const target = (request.url ?? '').replace(origin, '');
  const url = plainTarget.test(target) ? target : '/';
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const oauth2 = parseOAuth2Path(path, basePrefix);
  request.oauth2 = oauth2;
  if (path.startsWith(`${metadataPath}/`)) request.issuerPath = path.slice(metadataPath.length);
  const endpoint = oauth2?.endpoint ?? (request.issuerPath === undefined ? path : metadataPath);
  request.url = endpoint + (mark < 0 ? '' : url.slice(mark));
}
