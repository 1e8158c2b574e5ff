import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type Config, CONFIG } from '../config/config.js';
import { Clock } from '../domain/clock.js';
import { MonitoringFlush } from './monitoring-flush.js';

/** Flushes whenever the time is a multiple of `MONITORING_FLUSH`, as every node does. */
@Injectable()
export class MonitoringSchedule implements OnModuleInit, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private stopped = false;

  constructor(
    private readonly monitoring: MonitoringFlush,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Pick<Config, 'operations'>,
  ) {}

  onModuleInit(): void {
    this.next();
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private next(): void {
    if (this.stopped) return;
    const intervalMs = this.config.operations.monitoring.flush * 1000;
    this.timer = setTimeout(
      () => void this.monitoring.flush().then(() => this.next()),
      intervalMs - (this.clock.now() % intervalMs),
    ).unref();
  }
}
