import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import type { Config } from '../config/config.js';
import { AdminCode } from '../domain/admin-code.js';
import { DirectoryWriter } from '../domain/directory-writer.js';
import { Readiness } from '../http/health/readiness.js';
import { Issuer } from '../http/metadata/issuer.js';
import { Provisioner } from '../provisioning/apply.js';
import type { Source } from '../provisioning/parse.js';
import type { EmbeddedDatabase } from '../storage/embedded/embedded-database.js';
import type { PooledDataSource } from '../storage/postgres/data-source.js';
import { httpAdapter, nestOptions } from './http-listener.js';
import type { MetricsOptions } from './metrics-providers.js';
import { ServerModule } from './server.module.js';

/** What a server is built from. */
export interface ServerOptions extends MetricsOptions {
  readonly config: Config;
  readonly log: Logger;
  /** The open embedded database, where the settings name no server. */
  readonly embedded?: EmbeddedDatabase;
}

/** Builds the server's application, which does not listen yet. */
export function createServer(options: ServerOptions): Promise<INestApplication> {
  const { config, log } = options;
  return NestFactory.create(ServerModule.of(options), httpAdapter(config, log), nestOptions(config, log));
}

/**
 * Prepares a server for requests: applies the configuration file, and warns of what is dangerous in the settings, of a
 * schema that a later version has changed, and of a directory that is empty. Nothing here may read all users:
 * `symbolon doctor` does that.
 */
export async function prepare(
  app: INestApplication,
  source: Source | undefined,
  { config, log }: ServerOptions,
): Promise<void> {
  if (source) {
    const outcome = await app.get(Provisioner).apply(source, config.environment, {
      kind: 'file',
      name: basename(source.file),
    });
    log.info({ file: source.file, ...outcome }, 'configuration applied');
  }
  if (config.amQueryParameters) {
    log.warn('AM_QUERY_PARAMETERS=on: secrets that clients send in URLs get into the logs of proxies');
  }
  const { newerMigrations: migrations } = app.get<PooledDataSource>(DataSource);
  if (migrations.length > 0) {
    log.warn({ migrations }, 'the schema is of a later version: upgrade this node, too');
  }
  const directory = app.get(DirectoryWriter);
  if ((await directory.state()).revision === 0) {
    log.warn('no client is registered: name a CONFIG_FILE, apply a file, or serve the demo by DEMO=on');
  }
  await warnOfInsecureRedirects(directory, log);
}

/** At most this many clients are named. */
const maxNamed = 20;

async function warnOfInsecureRedirects(directory: DirectoryWriter, log: Logger): Promise<void> {
  const clients = await directory.clientsWithInsecureRedirects();
  if (clients.length === 0) return;
  const clientIds = clients.slice(0, maxNamed);
  log.warn(
    { clients: clients.length, clientIds },
    'insecure_redirect_uris: the authorization codes of these clients travel in clear',
  );
}

/**
 * Opens the public listener.
 * @returns its port
 */
export async function listen(app: INestApplication, { config }: ServerOptions): Promise<number> {
  await app.listen(config.port, config.host);
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  app.get(Issuer).listensAt(port);
  return port;
}

/** A new code for the dashboard, which ends one that was shown before. */
export function showAdminCode(app: INestApplication): string {
  return app.get(AdminCode).show();
}

/** From now on `/readyz` says that no new requests are wanted. */
export function endReadiness(app: INestApplication): void {
  app.get(Readiness).stop();
}
