import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { inputProblem, listenerRules } from '../admin/listener-rules.js';
import { HttpAdapter } from '../http/http-adapter.js';
import { HttpMetrics } from '../monitoring/http-metrics.js';
import { AdminModule } from './admin.module.js';
import { nestOptions, requestObservers } from './http-listener.js';
import type { ServerOptions } from './server.js';

/**
 * Builds the application of the operator's listener, which does not listen yet. It shares the core of a running server,
 * so it must be closed before the server is.
 */
export async function createAdmin(
  server: INestApplication,
  { config, log }: Pick<ServerOptions, 'config' | 'log'>,
): Promise<INestApplication> {
  const observers = requestObservers(config, log);
  // Not monitoring, which counts what the server does for its clients.
  observers.add(server.get(HttpMetrics, { strict: false }));
  const adapter = new HttpAdapter(observers, { ...config, basePrefix: '' }, inputProblem);
  const admin = await NestFactory.create(AdminModule.of(server), adapter, nestOptions(config, log));
  return admin.use(listenerRules);
}
