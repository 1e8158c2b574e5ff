import { rootRealm } from '../../domain/realm.js';
import type { MetadataPath } from '../request/metadata-path.js';
import { parseOAuth2Path } from '../request/realm-path.js';
import type { Issuer } from './issuer.js';

/** Finds the realm of the issuer whose metadata a path asks for. */
export class IssuerPaths {
  private readonly rootPath: string;

  /** @param basePrefix the deployment prefix; empty for none */
  constructor(
    private readonly issuer: Issuer,
    private readonly basePrefix: string,
  ) {
    this.rootPath = issuer.path(rootRealm);
  }

  /**
   * Path of the realm whose issuer a request names; undefined for none. The inserted form (RFC 8414 §3.1) has the path
   * of the issuer's identifier alone. The appended one is found below the path of the root issuer, and also where the
   * endpoints are: a proxy may have replaced that path by the deployment prefix, or removed it.
   */
  realmAt({ issuer, isInserted }: MetadataPath): string | undefined {
    const roots = isInserted ? [this.rootPath] : [this.rootPath, this.basePrefix, ''];
    for (const root of roots) {
      const realm = issuer.startsWith(root) ? this.realmBelow(issuer.slice(root.length)) : undefined;
      if (realm !== undefined) return realm;
    }
    return undefined;
  }

  /** @param path what follows the path of the root issuer */
  private realmBelow(path: string): string | undefined {
    if (path === '') return rootRealm;
    const realm = parseOAuth2Path(`${path}/`, '')?.realm;
    // A realm can be named in several forms; only the form in its issuer identifier is accepted.
    return realm !== undefined && this.issuer.path(realm) === this.rootPath + path ? realm : undefined;
  }
}
