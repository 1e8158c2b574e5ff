import { randomUUID } from 'node:crypto';
import { createServer, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { NestApplicationOptions } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { RequestObservers } from '../observability/request-observer.js';
import { Connections } from './connection/connections.js';
import { FastPath } from './fast-path/fast-path.js';
import { type LocatedRequest, normalizeUrl } from './request/located-request.js';
import { observeResponse } from './response/observation.js';
import type { ObservedResponse } from './response/reply.js';

/** Time limits for a request's headers and for all of it, and the interval of the checks, in milliseconds. */
const timeouts: ServerOptions = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 1_000,
};

/** A connection on which nothing moves for so long is closed, even if an answer is owed, in milliseconds. */
const silenceMs = 60_000;

/** The answer to input that is not a request, in the form of a listener's other errors. */
export interface MalformedAnswer {
  readonly contentType: string;
  /** ASCII. */
  readonly body: string;
}

/** RFC 9110 defines no body for it, so this is an OAuth error. */
const oauthMalformed: MalformedAnswer = {
  contentType: 'application/json',
  body: JSON.stringify({ error: 'invalid_request', error_description: 'The request is malformed.' }),
};

/** Express without its additions, behind the one function that every request of a listener passes. */
export class HttpAdapter extends ExpressAdapter {
  /** Answers some requests before Express does. */
  readonly fastPath = new FastPath();
  private stopping = false;

  /**
   * @param observers are notified of every request
   * @param basePrefix deployment prefix of the `/oauth2` paths, `/am`; empty for none
   * @param malformed answers input that is not a request
   */
  constructor(
    readonly observers: RequestObservers,
    private readonly basePrefix: string,
    private readonly malformed = oauthMalformed,
  ) {
    super();
    this.set('x-powered-by', false);
    this.set('etag', false);
    this.set('query parser', false);
    // Express's router has already read the application's settings, so these are set on the router.
    const { router } = this.getInstance<{ router: { caseSensitive: boolean; strict: boolean } }>();
    router.caseSensitive = true;
    router.strict = true;
  }

  override initHttpServer({ httpsOptions }: NestApplicationOptions): void {
    const express: (request: LocatedRequest, response: ObservedResponse) => void = this.getInstance();
    const handle = (request: LocatedRequest, response: ObservedResponse) => {
      if (!connections.begin(request, response, this.stopping)) {
        request.resume();
        return;
      }
      response.correlationId = randomUUID();
      if (!this.observers.isEmpty) observeResponse(request, response, this.observers);
      // During a stop every open connection is closed after its answer.
      if (this.stopping) response.setHeader('Connection', 'close');
      normalizeUrl(request, this.basePrefix);
      if (!this.fastPath.handle(request, response)) express(request, response);
    };
    const server = httpsOptions
      ? createTlsServer({ ...httpsOptions, ...timeouts, allowHalfOpen: true }, handle)
      : createServer(timeouts, handle);
    const connections = new Connections(server, httpsOptions !== undefined);
    // An unknown expectation may be ignored (RFC 9110 §10.1.1); Node would answer it by itself, without a
    // body.
    server.on('checkExpectation', handle);
    // Node silently drops header lines beyond the 1000th, even a second Authorization; the limit of 16 KiB is
    // enough.
    server.maxHeadersCount = 0;
    server.timeout = silenceMs;
    const malformed = written(this.malformed);
    server.on('clientError', (_error, socket) => connections.fail(socket as Socket, malformed));
    this.httpServer = server;
  }

  /** Accepts no more connections, and resolves when all are closed; each is closed as soon as it is idle. */
  override close(): Promise<unknown> | undefined {
    // Not `server.listening`: a server that gets its connections from another process never listens.
    this.stopping = true;
    return super.close();
  }
}

/** The answer to input that is not HTTP, or to a request that came too slowly. */
function written({ contentType, body }: MalformedAnswer): string {
  const head = `HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: ${contentType}\r\n`;
  const cache = 'Cache-Control: no-store\r\nPragma: no-cache\r\n';
  return `${head}${cache}Content-Length: ${body.length}\r\n\r\n${body}`;
}
