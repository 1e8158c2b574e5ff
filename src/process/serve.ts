import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app/app.module.js';
import { DirectoryWriter } from '../domain/directory-writer.js';
import { Readiness } from '../http/health/health.controller.js';
import { warnOfSharedNames } from '../http/tokeninfo/axway/shared-names.js';
import type { AppOptions } from '../app/process.module.js';
import { Provisioner } from '../provisioning/apply.js';
import type { Source } from '../provisioning/parse.js';
import { httpAdapter, nestOptions } from '../app/http-listener.js';

/** A stop ends within 10 s: requests under way get this many milliseconds of it, the database the rest. */
const drainMs = 8_000;
const stopMs = 9_500;

/** A server that takes requests. */
export interface RunningServer {
  readonly port: number;
  /** Takes nothing new, answers what is under way, and lets go of the database. */
  stop(): Promise<void>;
}

/** What a server does before it takes requests; of workers, the first does it for all. */
export interface Opening {
  /** The configuration file to apply. */
  readonly source?: Source;
}

/**
 * Builds the application, opens it unless that has been done, and takes requests.
 * @throws whatever `sentenceFor` finds words for; the process is to end then
 */
export async function serve(options: AppOptions, opening: Opening | undefined): Promise<RunningServer> {
  const { config, log } = options;
  const adapter = httpAdapter(config, log);
  const app = await NestFactory.create(AppModule.of(options), adapter, nestOptions(config, log));
  if (opening) await open(app, opening, options);
  await app.listen(config.port, config.host);
  const server = app.getHttpServer() as Server;
  const { port } = server.address() as AddressInfo;
  return { port, stop: () => stop(app, server) };
}

async function open(app: INestApplication, { source }: Opening, { config, log }: AppOptions): Promise<void> {
  if (source) {
    const outcome = await app.get(Provisioner).apply(source, config.environment);
    log.info({ file: source.file, ...outcome }, 'configuration applied');
  }
  await warnOfSharedNames(app.get(DirectoryWriter), config.tokenInfo.axwayRealms, log);
}

async function stop(app: INestApplication, server: Server): Promise<void> {
  app.get(Readiness).stop();
  // A connection that is in use now is closed as soon as it falls idle.
  server.keepAliveTimeout = 1;
  setTimeout(() => server.closeAllConnections(), drainMs).unref();
  await Promise.race([app.close(), delay(stopMs, undefined, { ref: false })]);
}
