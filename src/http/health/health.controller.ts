import { All, Controller, Get, Res } from '@nestjs/common';
import { MethodNotAllowed } from '../response/refusal.js';
import { jsonReply, send, type ObservedResponse } from '../response/reply.js';
import { Readiness } from './readiness.js';
import { Documented } from '../../openapi/operation.js';
import { showLife, showReadiness } from './health.openapi.js';

/** Checks for the operator: whether the process is alive, and whether it is ready. */
@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Documented(showLife)
  @Get('healthz')
  alive(@Res() response: ObservedResponse): void {
    send(response, jsonReply(200, [['status', 'ok']]));
  }

  @Documented(showReadiness)
  @Get('readyz')
  async ready(@Res() response: ObservedResponse): Promise<void> {
    const ready = await this.readiness.isReady();
    send(response, jsonReply(ready ? 200 : 503, [['status', ready ? 'ready' : 'unavailable']]));
  }

  @All(['healthz', 'readyz'])
  otherMethod(): never {
    throw new MethodNotAllowed('GET, HEAD');
  }
}
