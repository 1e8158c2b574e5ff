import { Module } from '@nestjs/common';
import { ChangeListening } from './change-listening.js';
import { TokenKeyReloader } from './token-key-reloader.js';
import { TokenPurgeScheduler } from './token-purge-scheduler.js';

/**
 * What a process does by itself, besides answering. Not a global module: Nest shuts such ones down after the others,
 * so this one ends before the connection to PostgreSQL is closed.
 */
@Module({ providers: [TokenKeyReloader, ChangeListening, TokenPurgeScheduler] })
export class UpkeepModule {}
