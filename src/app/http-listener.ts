import type { NestApplicationOptions } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { HttpAdapter } from '../http/http-adapter.js';
import { AccessLog } from '../http/response/access-log.js';
import { NestLog } from '../observability/log.js';
import { RequestObservers } from '../observability/request-observer.js';

/** The public listener's adapter, with everything that watches its requests. */
export function httpAdapter(config: Config, log: Logger): HttpAdapter {
  return new HttpAdapter(requestObservers(config, log), config);
}

/** What watches the requests of every listener. */
export function requestObservers({ accessLog }: Config, log: Logger): RequestObservers {
  return new RequestObservers(accessLog === 'off' ? [] : [new AccessLog(log, accessLog)], log);
}

/** Nest's options: our own reader of bodies, and our log. */
export function nestOptions({ tls }: Config, log: Logger): NestApplicationOptions {
  const httpsOptions = tls && { key: tls.key, cert: tls.cert };
  return { bodyParser: false, logger: new NestLog(log), httpsOptions, abortOnError: false };
}
