import type { IncomingMessage } from 'node:http';
import { type MetadataPath, parseMetadataPath } from './metadata-path.js';
import { type OAuth2Path, parseOAuth2Path } from './realm-path.js';

/** A request with a normalised URL, and the parts that were taken out of the URL. */
export type LocatedRequest = IncomingMessage & {
  /** For a path below `/oauth2`: its realm and endpoint. */
  oauth2?: OAuth2Path;
  /** For a path of metadata: the document, and the path of the issuer. */
  metadata?: MetadataPath;
  /** Path of the realm that was found for the request; its answer and observers use it. */
  realm?: string;
  /** How the service was asked, for observers: see `ObservedRequest.operation`. */
  operation?: string;
  /** The route that handles the request, for observers: set by Express or by the fast path. */
  route?: { readonly path: string };
};

const origin = /^https?:\/\/([^/?]*)/i;

/** A request target that Express routes unchanged; it would rewrite any other. */
const plainTarget = /^\/[^#\s]*$/;

/** A path that no route has. */
const nowhere = '/*';

/** Where a path leads. */
interface Place {
  readonly metadata?: MetadataPath;
  readonly oauth2?: OAuth2Path;
  /** The path that its endpoint is routed by. */
  readonly endpoint: string;
}

/** How many paths are kept: nearly all requests have one of a few, but callers may send any. */
const maxPlaces = 1000;

/** Finds where the requests of a listener lead. */
export class RequestLocator {
  private readonly places = new Map<string, Place>();

  /** @param basePrefix deployment prefix of the `/oauth2` paths, `/am`; empty for none */
  constructor(private readonly basePrefix: string) {}

  /**
   * Rewrites the request's URL to the one that its endpoint is routed by: without origin (RFC 9112 §3.2.2
   * allows the absolute form, whose host replaces that of `Host`), deployment prefix, realm and issuer. A target that is not
   * a path becomes one that has no endpoint.
   */
  locate(request: LocatedRequest): void {
    const target = withoutOrigin(request);
    const url = plainTarget.test(target) ? target : nowhere;
    const mark = url.indexOf('?');
    const path = mark < 0 ? url : url.slice(0, mark);
    const { metadata, oauth2, endpoint } = this.places.get(path) ?? this.find(path);
    request.metadata = metadata;
    request.oauth2 = oauth2;
    request.url = mark < 0 ? endpoint : endpoint + url.slice(mark);
  }

  private find(path: string): Place {
    const metadata = parseMetadataPath(path);
    const oauth2 = metadata ? undefined : parseOAuth2Path(path, this.basePrefix);
    const place = { metadata, oauth2, endpoint: metadata?.document ?? oauth2?.endpoint ?? path };
    if (this.places.size >= maxPlaces) this.places.clear();
    // A text that was sliced from a target keeps the whole target, which may hold a token; a copy of the text does not.
    const own = Buffer.from(path, 'latin1').toString('latin1');
    this.places.set(own, metadata || oauth2 ? place : { endpoint: own });
    return place;
  }
}

function withoutOrigin(request: LocatedRequest): string {
  const { url = '' } = request;
  if (url.startsWith('/')) return url;
  const [whole, host] = origin.exec(url) ?? [];
  if (whole === undefined) return url;
  request.headers.host = host;
  return url.slice(whole.length);
}
