import { All, Controller, Get, Options, Req, Res } from '@nestjs/common';
import { Directory } from '../../domain/directory.js';
import type { LocatedRequest } from '../request/located-request.js';
import { metadataPath, openIdPath } from '../request/metadata-path.js';
import { CrossOrigin } from '../response/cross-origin.js';
import { MethodNotAllowed, NotFound } from '../response/refusal.js';
import { jsonReply, send, type ObservedResponse } from '../response/reply.js';
import { IssuerPaths } from './issuer-paths.js';
import { ServerMetadata } from './server-metadata.js';
import { Documented } from '../../openapi/operation.js';
import { preflightOperation } from '../response/cross-origin.openapi.js';
import { showMetadata } from './metadata.openapi.js';

/** Authorization server metadata, RFC 8414, for the root and for every realm. */
@Controller(metadataPath)
export class MetadataController {
  constructor(
    private readonly metadata: ServerMetadata,
    private readonly issuers: IssuerPaths,
    private readonly directory: Directory,
    private readonly crossOrigin: CrossOrigin,
  ) {}

  @Documented(showMetadata)
  @Get()
  async show(@Req() request: LocatedRequest, @Res() response: ObservedResponse): Promise<void> {
    const realm = await this.directory.findRealm(this.realmOf(request));
    if (!realm) throw new NotFound('realm');
    await this.crossOrigin.permitAny(request, response, realm.path);
    send(response, jsonReply(200, this.metadata.of(realm.path), { details: { realm: realm.path } }));
  }

  @Documented(preflightOperation('Metadata', 'GET, HEAD'))
  @Options()
  async preflight(@Req() request: LocatedRequest, @Res() response: ObservedResponse): Promise<void> {
    const path = this.realmOf(request);
    const findRealm = () => this.directory.findRealm(path);
    const preflight = await this.crossOrigin.preflight(request, 'GET, HEAD', findRealm);
    if (!preflight) throw new MethodNotAllowed('GET, HEAD');
    send(response, preflight);
  }

  /** Where there is no issuer, there is nothing for other methods either. */
  @All()
  otherMethod(@Req() request: LocatedRequest): never {
    this.realmOf(request);
    throw new MethodNotAllowed('GET, HEAD');
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
