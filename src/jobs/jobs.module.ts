import { Module } from '@nestjs/common';
import { ChangeListening } from './change-listening.js';
import { ForeignHashes } from './foreign-hashes.js';
import { TokenKeyReloader } from './token-key-reloader.js';
import { PurgeScheduler } from './purge-scheduler.js';
import { SecretUseFlush } from './secret-use-flush.js';
import { SecretUseSchedule } from './secret-use-schedule.js';

/**
 * The background jobs of a server. It is not a global module: Nest shuts those down last, and the jobs must
 * end before the connection to PostgreSQL is closed.
 */
@Module({
  providers: [
    TokenKeyReloader,
    ChangeListening,
    ForeignHashes,
    PurgeScheduler,
    SecretUseFlush,
    SecretUseSchedule,
  ],
})
export class JobsModule {}
