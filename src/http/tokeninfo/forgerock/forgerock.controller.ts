import {
  All,
  Controller,
  Get,
  Inject,
  Injectable,
  type OnModuleInit,
  Req,
  Res,
  UseFilters,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Logger } from 'pino';
import { type MaybePromise, chain } from '../../../domain/maybe-promise.js';
import { OAuthError } from '../../../domain/oauth-error.js';
import { type Inspection, TokenService } from '../../../domain/token.service.js';
import { LOGGER } from '../../response/access-log.js';
import { bearerToken } from '../../request/bearer-token.js';
import type { HttpAdapter } from '../../http-adapter.js';
import { type LocatedRequest, RealmResolver } from '../../request/located-request.js';
import { OAuthErrorFilter } from '../../response/oauth-error.filter.js';
import { unreadable } from '../../request/parameters.js';
import { MethodNotAllowed } from '../../response/refusal.js';
import { type Reply, send, type TracedResponse } from '../../response/reply.js';
import { authorizationHeader, type RequestView, viewOf } from '../../request/request-view.js';
import { forgeRockRefusal, forgeRockTokenInfo } from './forgerock.presenter.js';
import { isPlainForgeRock } from '../../fast-path/plain-requests.js';
import { TokenInfoSettings } from '../settings.js';

@Injectable()
export class ForgeRockErrorFilter extends OAuthErrorFilter {
  constructor(@Inject(LOGGER) log: Logger) {
    super(forgeRockRefusal, log);
  }
}

/** ForgeRock AM's `/oauth2/tokeninfo` (legacy): no caller authentication, no form body. */
@Controller('oauth2/tokeninfo')
@UseFilters(ForgeRockErrorFilter)
export class ForgeRockTokenInfoController implements OnModuleInit {
  constructor(
    private readonly tokens: TokenService,
    private readonly realms: RealmResolver,
    private readonly settings: TokenInfoSettings,
    private readonly errors: ForgeRockErrorFilter,
    private readonly host: HttpAdapterHost<HttpAdapter>,
  ) {}

  onModuleInit(): void {
    this.host.httpAdapter?.fastPath.register({
      path: '/oauth2/tokeninfo',
      matches: isPlainForgeRock,
      answer: (request) => this.tokenInfo(request),
      errors: this.errors,
    });
  }

  @Get()
  async get(@Req() request: LocatedRequest, @Res() response: TracedResponse): Promise<void> {
    send(response, await this.tokenInfo(request));
  }

  @All()
  otherMethod(): never {
    throw new MethodNotAllowed('GET, HEAD');
  }

  /** The answer to a GET. */
  tokenInfo(request: LocatedRequest): MaybePromise<Reply> {
    const view = viewOf(request);
    return chain(this.realms.named(request, view), (realm) => {
      const value = presentedToken(view);
      const asked = this.settings.namedRealmOnly ? realm?.path : undefined;
      const presented = { value, realm: realm?.path ?? '/' };
      return chain(this.inspect(value, asked), (inspection) =>
        forgeRockTokenInfo(inspection, presented, this.settings.forgeRockErrors),
      );
    });
  }

  private inspect(value: string | undefined, realm: string | undefined): MaybePromise<Inspection> {
    if (value === undefined) return { status: 'unknown' };
    return this.tokens.inspect(value, (path) => realm === undefined || path === realm);
  }
}

/** The token of the header or the query; undefined for none. An unreadable one is a token that is not known. */
function presentedToken(view: RequestView): string | undefined {
  const inHeader = bearerToken(authorizationHeader(view));
  const inQuery = view.query.oneOrUnreadable('access_token');
  view.query.refuseUnreadable('access_token');
  if (inHeader !== undefined && inQuery !== undefined) {
    throw new OAuthError('invalid_request', 'Access Token cannot be provided in both query and header');
  }
  return inQuery === unreadable ? '' : (inHeader ?? inQuery);
}
