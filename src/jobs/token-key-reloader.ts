import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { reloadEveryMs, TokenCodec } from '../domain/token-codec.js';
import { LOGGER } from '../http/response/access-log.js';
import { logFault } from '../http/response/oauth-error.filter.js';

/** Keeps this node's token keys fresh for as long as it runs. */
@Injectable()
export class TokenKeyReloader implements OnModuleInit, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly form: TokenCodec,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.form.reload();
    this.timer = setInterval(() => void this.reload(), reloadEveryMs).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Keys that grew old are no fault: then the store is asked. */
  private async reload(): Promise<void> {
    try {
      await this.form.reload();
    } catch (error) {
      logFault(this.log, error);
    }
  }
}
