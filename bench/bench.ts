import type { Scale } from './options.js';
import type { Database } from './postgres.js';
import type { Processes } from './processes.js';
import type { SeededTokens } from './seed.js';
import type { Server, Servers } from './servers.js';

/** What every scenario gets. */
export interface Bench {
  readonly scale: Scale;
  readonly processes: Processes;
  readonly servers: Servers;
  readonly databases: { readonly many: Database; readonly few: Database };
  readonly tokens: SeededTokens;
  /** On the large database. */
  readonly symbolon: Server;
  readonly oidcProvider: Server;
  /** A folder for files of the run. */
  readonly folder: string;
}
