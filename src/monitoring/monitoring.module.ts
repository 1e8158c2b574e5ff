import { Module } from '@nestjs/common';
import { MonitoringFlush } from './monitoring-flush.js';
import { MonitoringSchedule } from './monitoring-schedule.js';

/**
 * Stores what a server counts. It is not a global module: Nest shuts those down last, and the last flush must be done
 * before the connection to PostgreSQL is closed.
 */
@Module({ providers: [MonitoringFlush, MonitoringSchedule], exports: [MonitoringFlush] })
export class MonitoringModule {}
