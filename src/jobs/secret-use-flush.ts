import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { StoreUnavailable } from '../domain/oauth-error.js';
import { SecretUses } from '../domain/secret-uses.js';
import { Faults } from '../observability/faults.js';
import { LOGGER } from '../observability/log.js';

/** Stores when clients used their secrets last: whenever it is asked to, and once more when the server stops. */
@Injectable()
export class SecretUseFlush implements OnApplicationShutdown {
  /** The flush that is under way, or was last. It never rejects. */
  private last = Promise.resolve();
  private failing = false;

  constructor(
    private readonly uses: SecretUses,
    @Inject(LOGGER) private readonly log: Logger,
    private readonly faults: Faults,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.flush();
  }

  /** Stores everything that was noted before; one flush at a time. A fault is logged. */
  flush(): Promise<void> {
    this.last = this.last.then(() => this.flushNow());
    return this.last;
  }

  /** A store may be unavailable for hours: the log says only when that begins, and when it ends. A mistake is logged each time. */
  private async flushNow(): Promise<void> {
    try {
      await this.uses.flush();
      if (this.failing) this.log.info('uses of secrets are stored again');
      this.failing = false;
    } catch (error) {
      if (!this.failing || !(error instanceof StoreUnavailable)) this.faults.note(error);
      this.failing = true;
    }
  }
}
