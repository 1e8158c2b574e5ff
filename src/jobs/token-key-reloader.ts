import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { reloadEveryMs, TokenCodec } from '../domain/token-codec.js';
import { Faults } from '../observability/faults.js';

/** Keeps this node's token keys fresh for as long as it runs. */
@Injectable()
export class TokenKeyReloader implements OnModuleInit, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly codec: TokenCodec,
    private readonly faults: Faults,
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
      this.faults.note(error);
    }
  }
}
