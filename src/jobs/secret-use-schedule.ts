import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type Config, CONFIG } from '../config/config.js';
import { SecretUseFlush } from './secret-use-flush.js';

/** Stores the uses of secrets every `MONITORING_FLUSH`, whatever is monitored. */
@Injectable()
export class SecretUseSchedule implements OnModuleInit, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private stopped = false;

  constructor(
    private readonly uses: SecretUseFlush,
    @Inject(CONFIG) private readonly config: Pick<Config, 'operations'>,
  ) {}

  onModuleInit(): void {
    this.next();
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** The flush plans the next one when it is over. */
  private next(): void {
    if (this.stopped) return;
    const intervalMs = this.config.operations.monitoring.flush * 1000;
    this.timer = setTimeout(() => void this.uses.flush().then(() => this.next()), intervalMs).unref();
  }
}
