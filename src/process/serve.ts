import type { Server } from 'node:http';
import { Server as SecureServer } from 'node:tls';
import { setTimeout as delay } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';
import {
  createServer,
  endReadiness,
  listen,
  prepare,
  type ServerOptions,
  showAdminCode,
} from '../app/server.js';
import { ProcessMetrics } from '../monitoring/metrics.js';
import type { Source } from '../provisioning/parse.js';
import type { OpenAdmin } from './admin-listener.js';
import { TlsFiles } from './tls-files.js';

/** A stop takes 10 s at most: requests under way may take `drainMs`, everything `stopMs`, in milliseconds. */
const drainMs = 8_000;
const stopMs = 9_500;

/** A server that takes requests. */
export interface RunningServer {
  readonly port: number;
  /** The operator's listener's; undefined where it is off, or the primary has it. */
  readonly adminPort?: number;
  readonly metrics: ProcessMetrics;
  /** A code that this process exchanges for an admin token, once. */
  showAdminCode(): string;
  /** Takes up TLS files that have been renewed; without TLS, or without new files, nothing changes. */
  reloadTls(): void;
  /** Takes no new requests, answers those under way, and closes the database. */
  stop(): Promise<void>;
}

/** What must be done before the first request; of several workers, the first one does it for all. */
export interface Preparation {
  /** The configuration file to apply. */
  readonly source?: Source;
}

/**
 * Builds the server, prepares it where that has not been done, and opens the public listener, then the operator's.
 * @throws any error that `describeStartError` describes; the process must end then
 */
export async function serve(
  options: ServerOptions,
  preparation: Preparation | undefined,
  openAdmin: OpenAdmin,
): Promise<RunningServer> {
  const { embedded } = options;
  const app = await createServer(options);
  if (preparation) await prepare(app, preparation.source, options);
  const port = await listen(app, options);
  const server = app.getHttpServer() as Server;
  const admin = await openAdmin(app, options);
  const tls = tlsFiles(options, [server, admin?.server]);
  const close = async () => {
    tls?.stop();
    // First: it uses what the public listener's application closes at its end.
    await admin?.stop();
    await app.close();
    await embedded?.close();
  };
  const metrics = app.get(ProcessMetrics);
  const reloadTls = () => void tls?.reload();
  return {
    port,
    adminPort: admin?.port,
    metrics,
    showAdminCode: () => showAdminCode(app),
    reloadTls,
    stop: () => stop(app, server, close),
  };
}

/** Watches the files behind these listeners, all of which speak TLS or none. */
function tlsFiles(
  { config: { tls }, log }: ServerOptions,
  listeners: readonly (Server | undefined)[],
): TlsFiles | undefined {
  if (!tls) return undefined;
  const servers = listeners.filter((listener) => listener instanceof SecureServer);
  const files = new TlsFiles(tls, servers, log);
  files.watch();
  return files;
}

async function stop(app: INestApplication, server: Server, close: () => Promise<void>): Promise<void> {
  endReadiness(app);
  // A connection that is in use now is closed as soon as it is idle.
  server.keepAliveTimeout = 1;
  setTimeout(() => server.closeAllConnections(), drainMs).unref();
  await Promise.race([close(), delay(stopMs, undefined, { ref: false })]);
}
