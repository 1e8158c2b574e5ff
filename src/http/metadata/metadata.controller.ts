import { All, Controller, Get, Req, Res } from '@nestjs/common';
import { Directory } from '../../domain/directory.js';
import type { LocatedRequest } from '../request/located-request.js';
import { metadataPath, openIdPath } from '../request/metadata-path.js';
import { CrossOrigin } from '../response/cross-origin.js';
import { MethodNotAllowed, NotFound } from '../response/refusal.js';
import { jsonReply, send, type ObservedResponse } from '../response/reply.js';
import { IssuerPaths } from './issuer-paths.js';
import { ServerMetadata } from './server-metadata.js';

/** Authorization server metadata, RFC 8414, for the root and for every realm. */
@Controller(metadataPath)
export class MetadataController {
  constructor(
    private readonly metadata: ServerMetadata,
    private readonly issuers: IssuerPaths,
    private readonly directory: Directory,
    private readonly crossOrigin: CrossOrigin,
  ) {}

  @Get()
  async show(@Req() request: LocatedRequest, @Res() response: ObservedResponse): Promise<void> {
    const realm = await this.directory.findRealm(this.realmOf(request));
    if (!realm) throw new NotFound('realm');
    await this.crossOrigin.permitAny(request, response, realm.path);
    send(response, jsonReply(200, this.metadata.of(realm.path), { details: { realm: realm.path } }));
  }

  @All()
  async otherMethod(@Req() request: LocatedRequest, @Res() response: ObservedResponse): Promise<void> {
    const path = this.realmOf(request);
    const findRealm = () => this.directory.findRealm(path);
    const preflight = await this.crossOrigin.preflight(request, 'GET, HEAD', findRealm);
    if (!preflight) throw new MethodNotAllowed('GET, HEAD');
    send(response, preflight);
  }

  /** @throws NotFound where the request's path is that of no issuer */
  private realmOf({ metadata }: LocatedRequest): string {
    const realm = metadata && this.issuers.realmAt(metadata);
    if (realm === undefined) throw new NotFound(metadata?.isInserted ? 'realm' : 'endpoint');
    return realm;
  }
}

/** The same metadata behind each issuer, where clients of OpenID Connect look. */
@Controller(openIdPath)
export class OpenIdConfigurationController extends MetadataController {}
