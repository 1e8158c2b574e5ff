import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { reloadEveryMs, TokenCodec } from '../domain/token-codec.js';
import { logFault } from '../observability/fault.js';
import { LOGGER } from '../observability/log.js';

/** Keeps this node's token keys fresh for as long as it runs. */
@Injectable()
export class TokenKeyReloader implements OnModuleInit, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly codec: TokenCodec,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.codec.reload();
    this.timer = setInterval(() => void this.reload(), reloadEveryMs).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Keys that could not be read again are not fatal: once they are old, every token is looked up. */
  private async reload(): Promise<void> {
    try {
      await this.codec.reload();
    } catch (error) {
      logFault(this.log, error);
    }
  }
}
