import { StoreUnavailable } from '../../domain/oauth-error.js';

/** The settings that name a database. */
export type DatabaseSetting = 'DATABASE_URL' | 'CHANGE_FEED_URL';

/** This database cannot be used as it is. The message is written for the operator, and holds no secret. */
export class DatabaseRefused extends Error {
  constructor(reason: string, setting: DatabaseSetting = 'DATABASE_URL') {
    super(`${setting}: ${reason}`);
    this.name = 'DatabaseRefused';
  }
}

/** The database cannot be reached by `CHANGE_FEED_URL`. */
export class DirectUnavailable extends StoreUnavailable {}

/** What an operator does about a pooler in transaction mode that the settings do not name. */
export const poolerAdvice =
  'a pooler gives each transaction another connection; set DATABASE_POOLER=transaction, or have it keep sessions';
