import {
  type FactoryProvider,
  Inject,
  Injectable,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { Logger } from 'pino';
import { ChangeFeed } from '../domain/change-feed.js';
import { Clock } from '../domain/clock.js';
import { LOGGER } from '../http/response/access-log.js';
import { type AppOptions, EMBEDDED, ROLE } from '../app/process.module.js';
import { EmbeddedChangeFeed } from '../storage/embedded/change-feed.js';
import type { EmbeddedDatabase } from '../storage/embedded/embedded-database.js';
import { PostgresChangeFeed } from '../storage/postgres/change-feed.js';
import { Database } from '../storage/postgres/database.js';

/** How this process hears of changes. For a command that has joined a server's embedded database there is no way. */
export const changeFeed: FactoryProvider<ChangeFeed> = {
  provide: ChangeFeed,
  inject: [ROLE, { token: EMBEDDED, optional: true }, Database, Clock, LOGGER],
  useFactory: (
    role: AppOptions['role'],
    embedded: EmbeddedDatabase | undefined,
    database: Database,
    clock: Clock,
    log: Logger,
  ) => {
    if (embedded && role === 'server') return new EmbeddedChangeFeed(embedded);
    return new PostgresChangeFeed(database, clock, (heard, reason) => {
      const { code } = (reason ?? {}) as NodeJS.ErrnoException;
      if (heard) log.info('changes are heard: the cache is used');
      else log.warn({ code }, 'changes are not heard: the cache is not used');
    });
  },
};

/** Listens to changes for as long as a server runs. A command is over before a copy would be of use. */
@Injectable()
export class ChangeListening implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly feed: ChangeFeed,
    @Inject(ROLE) private readonly role: AppOptions['role'],
  ) {}

  onModuleInit(): void {
    if (this.role === 'server') this.feed.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.feed.stop();
  }
}
