import { All, Controller, Get, Req, Res } from '@nestjs/common';
import { Directory } from '../../domain/directory.js';
import { rootRealm } from '../../domain/realm.js';
import { Issuer } from './issuer.js';
import { type LocatedRequest, metadataPath } from '../request/located-request.js';
import { parseOAuth2Path } from '../request/realm-path.js';
import { MethodNotAllowed, NotFound } from '../response/refusal.js';
import { jsonReply, send, type ObservedResponse } from '../response/reply.js';
import { ServerMetadata } from './server-metadata.js';

/** Authorization server metadata, RFC 8414, for the root and for every realm at its inserted path (§3.1). */
@Controller(metadataPath)
export class MetadataController {
  constructor(
    private readonly metadata: ServerMetadata,
    private readonly issuer: Issuer,
    private readonly directory: Directory,
  ) {}

  @Get()
  async show(@Req() request: LocatedRequest, @Res() response: ObservedResponse): Promise<void> {
    const path = this.realmAt(request.issuerPath ?? '');
    const realm = path === undefined ? undefined : await this.directory.findRealm(path);
    if (!realm) throw new NotFound('realm');
    send(response, jsonReply(200, this.metadata.of(realm.path), { details: { realm: realm.path } }));
  }

  @All()
  otherMethod(): never {
    throw new MethodNotAllowed('GET, HEAD');
  }

  /** Path of the realm whose issuer identifier has this path; undefined for none. */
  private realmAt(path: string): string | undefined {
    if (path === this.issuer.path(rootRealm)) return rootRealm;
    const below = path.slice(this.issuer.path(rootRealm).length);
    const realm = parseOAuth2Path(`${below}/`, '')?.realm;
    // A realm can be named in several forms; only the form in its issuer identifier is accepted.
    return realm !== undefined && this.issuer.path(realm) === path ? realm : undefined;
  }
}
