import { All, Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { type Config, CONFIG } from '../../config/config.js';
import type { LocatedRequest } from '../../http/request/located-request.js';
import { MethodNotAllowed } from '../../http/response/refusal.js';
import { formattedReply, type ObservedResponse, send } from '../../http/response/reply.js';
import { MetricsPage } from '../../monitoring/metrics-page.js';
import { AdminAuthenticator } from '../admin-authenticator.js';
import { requireRoot } from '../admin.guard.js';
import { Documented } from '../../openapi/operation.js';
import { showMetrics } from './metrics.openapi.js';

/** The page that Prometheus scrapes. Its query is not read: Prometheus may be configured to send one. */
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly page: MetricsPage,
    private readonly authenticator: AdminAuthenticator,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Documented(showMetrics)
  @Get()
  async show(@Req() request: LocatedRequest, @Res() response: ObservedResponse): Promise<void> {
    if (this.config.operations.metrics.auth === 'token') {
      // The figures are of all realms.
      requireRoot(await this.authenticator.authenticate(request, 'read', response.correlationId));
    }
    send(response, formattedReply(MetricsPage.contentType, await this.page.text(), {}));
  }

  @All()
  otherMethod(): never {
    throw new MethodNotAllowed('GET, HEAD');
  }
}
