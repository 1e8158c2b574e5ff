import {
  All,
  Controller,
  Get,
  Injectable,
  type OnModuleInit,
  Post,
  Req,
  Res,
  UseFilters,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { chain, type MaybePromise } from '../../../domain/maybe-promise.js';
import { TokenService } from '../../../domain/token.service.js';
import { Faults } from '../../../observability/faults.js';
import { isPlainAxwayGet, isPlainAxwayPost } from '../../fast-path/plain-requests.js';
import type { HttpAdapter } from '../../http-adapter.js';
import type { LocatedRequest } from '../../request/located-request.js';
import { OAuthErrorFilter } from '../../response/oauth-error.filter.js';
import { MethodNotAllowed } from '../../response/refusal.js';
import { type ObservedResponse, type Reply, send } from '../../response/reply.js';
import { MonitoredClient } from '../monitored-client.js';
import { axwayRefusal, axwayTokenInfo } from './axway.presenter.js';
import { readAxwayRequest } from './axway.request.js';
import { AxwaySettings } from './axway.settings.js';
import { Documented } from '../../../openapi/operation.js';
import { getAxwayTokenInfo, postAxwayTokenInfo } from './axway.openapi.js';

@Injectable()
export class AxwayErrorFilter extends OAuthErrorFilter {
  constructor(faults: Faults) {
    super(axwayRefusal, faults);
  }
}

/** Axway API Gateway's token information service (7.1 to 7.7): no caller authentication. */
@Controller('api/oauth/tokeninfo')
@UseFilters(AxwayErrorFilter)
export class AxwayTokenInfoController implements OnModuleInit {
  constructor(
    private readonly tokens: TokenService,
    private readonly settings: AxwaySettings,
    private readonly monitored: MonitoredClient,
    private readonly errors: AxwayErrorFilter,
    private readonly host: HttpAdapterHost<HttpAdapter>,
  ) {}

  onModuleInit(): void {
    const { additionalParameters, get } = this.settings;
    if (!additionalParameters.isEmpty) return;
    this.host.httpAdapter?.fastPath.register({
      path: '/api/oauth/tokeninfo',
      matches: (request) => isPlainAxwayPost(request) || (get && isPlainAxwayGet(request)),
      answer: (request) => this.tokenInfo(request),
      errors: this.errors,
    });
  }

  @Documented(getAxwayTokenInfo)
  @Get()
  async get(@Req() request: LocatedRequest, @Res() response: ObservedResponse): Promise<void> {
    if (!this.settings.get) throw new MethodNotAllowed('POST');
    send(response, await this.tokenInfo(request));
  }

  @Documented(postAxwayTokenInfo)
  @Post()
  async post(@Req() request: LocatedRequest, @Res() response: ObservedResponse): Promise<void> {
    send(response, await this.tokenInfo(request));
  }

  @All()
  otherMethod(): never {
    throw new MethodNotAllowed(this.settings.get ? 'GET, HEAD, POST' : 'POST');
  }

  /** The answer to a GET, or to a POST with a form. */
  tokenInfo(request: LocatedRequest): MaybePromise<Reply> {
    const { tokenSource, realms, additionalParameters } = this.settings;
    return chain(readAxwayRequest(request, tokenSource), (asked) =>
      chain(this.tokens.inspect(asked.token, realms), (inspection) =>
        this.monitored.noted(axwayTokenInfo(inspection, asked, additionalParameters), inspection, asked),
      ),
    );
  }
}
