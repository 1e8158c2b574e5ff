import { All, Controller, Get, Injectable, type OnModuleInit, Req, Res, UseFilters } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { inactive } from '../../../domain/inactive.js';
import { chain, type MaybePromise } from '../../../domain/maybe-promise.js';
import { type Inspection, TokenService } from '../../../domain/token.service.js';
import { Faults } from '../../../observability/faults.js';
import { isPlainForgeRock } from '../../fast-path/plain-requests.js';
import type { HttpAdapter } from '../../http-adapter.js';
import type { LocatedRequest } from '../../request/located-request.js';
import { RealmResolver } from '../../request/realm-resolver.js';
import { OAuthErrorFilter } from '../../response/oauth-error.filter.js';
import { MethodNotAllowed } from '../../response/refusal.js';
import { type ObservedResponse, type Reply, send } from '../../response/reply.js';
import { MonitoredClient } from '../monitored-client.js';
import { forgeRockRefusal, forgeRockTokenInfo } from './forgerock.presenter.js';
import { type ForgeRockRequest, readForgeRockRequest } from './forgerock.request.js';
import { ForgeRockSettings, realmsServed } from './forgerock.settings.js';
import { RealmHint } from './realm-hint.js';
import { Documented } from '../../../openapi/operation.js';
import { getForgeRockTokenInfo } from './forgerock.openapi.js';

@Injectable()
export class ForgeRockErrorFilter extends OAuthErrorFilter {
  constructor(faults: Faults) {
    super(forgeRockRefusal, faults);
  }
}

/** ForgeRock AM's `/oauth2/tokeninfo` (legacy): no caller authentication, no form body. */
@Controller('oauth2/tokeninfo')
@UseFilters(ForgeRockErrorFilter)
export class ForgeRockTokenInfoController implements OnModuleInit {
  constructor(
    private readonly tokens: TokenService,
    private readonly realms: RealmResolver,
    private readonly settings: ForgeRockSettings,
    private readonly hint: RealmHint,
    private readonly monitored: MonitoredClient,
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

  @Documented(getForgeRockTokenInfo)
  @Get()
  async get(@Req() request: LocatedRequest, @Res() response: ObservedResponse): Promise<void> {
    send(response, await this.tokenInfo(request));
  }

  @All()
  otherMethod(): never {
    throw new MethodNotAllowed('GET, HEAD');
  }

  /** The answer to a GET. */
  tokenInfo(request: LocatedRequest): MaybePromise<Reply> {
    return chain(readForgeRockRequest(request, this.realms), (asked) =>
      chain(this.inspect(asked), (inspection) => {
        const reply = forgeRockTokenInfo(inspection, asked, this.settings.inactiveTokens);
        return this.monitored.noted(reply, inspection, asked);
      }),
    );
  }

  private inspect(asked: ForgeRockRequest): MaybePromise<Inspection> {
    if (asked.unreadable) return inactive.unreadable;
    const inRealms = realmsServed(this.settings.realms, asked.realm);
    return chain(this.tokens.inspect(asked.token, inRealms), (inspection) =>
      this.hint.noted(inspection, asked),
    );
  }
}
