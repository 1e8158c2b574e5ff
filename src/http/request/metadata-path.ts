/** Path of the metadata (RFC 8414 §3). */
export const metadataPath = '/.well-known/oauth-authorization-server';

/** Path of the same document for clients that look for OpenID Connect alone (RFC 8414 §5). */
export const openIdPath = '/.well-known/openid-configuration';

const documents = [metadataPath, openIdPath] as const;

/** A path at which the metadata of an issuer are asked for. */
export interface MetadataPath {
  /** The path that the document is routed by. */
  readonly document: typeof metadataPath | typeof openIdPath;
  /** The path of the issuer's identifier, as the request has it; empty for none. */
  readonly issuer: string;
  /** Whether the issuer's path stands behind the document's (RFC 8414 §3.1), or the document's behind the issuer's. */
  readonly isInserted: boolean;
}

/** @returns undefined for every other path */
export function parseMetadataPath(path: string): MetadataPath | undefined {
  if (path.startsWith(`${metadataPath}/`)) {
    return { document: metadataPath, issuer: path.slice(metadataPath.length), isInserted: true };
  }
  const document = documents.find((known) => path.endsWith(known));
  return document && { document, issuer: path.slice(0, -document.length), isInserted: false };
}
