import type { NestApplicationOptions } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { AccessLog } from '../http/response/access-log.js';
import { HttpAdapter } from '../http/http-adapter.js';
import { NestLog } from '../observability/log.js';

/** The HTTP side of the application, as these settings want it. */
export function httpAdapter(config: Config, log: Logger): HttpAdapter {
  return new HttpAdapter(new AccessLog(log, config.accessLog), config.basePrefix);
}

/** Nest's options: our own reader of bodies, and our log. */
export function nestOptions(config: Config, log: Logger): NestApplicationOptions {
  return { bodyParser: false, logger: new NestLog(log), httpsOptions: config.tls, abortOnError: false };
}
