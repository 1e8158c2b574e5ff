import { All, Controller, Get, Res } from '@nestjs/common';
import { StoreUnavailable } from '../../domain/oauth-error.js';
import { MethodNotAllowed } from '../response/refusal.js';
import { jsonReply, send, type ObservedResponse } from '../response/reply.js';

/** Whether this process can serve: its store answers, and it is not stopping. */
export class Readiness {
  private stopping = false;

  /** @param ping resolves when the store answers */
  constructor(private readonly ping: () => Promise<void>) {}

  /** From now on the process is not ready, so that it gets no new requests. */
  stop(): void {
    this.stopping = true;
  }

  async isReady(): Promise<boolean> {
    if (this.stopping) return false;
    try {
      await this.ping();
      return true;
    } catch (error) {
      if (error instanceof StoreUnavailable) return false;
      throw error;
    }
  }
}

/** Checks for the operator: whether the process is alive, and whether it is ready. */
@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('healthz')
  alive(@Res() response: ObservedResponse): void {
    send(response, jsonReply(200, [['status', 'ok']]));
  }

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
