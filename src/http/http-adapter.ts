import { randomUUID } from 'node:crypto';
import { createServer, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { NestApplicationOptions } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { RequestObservers } from '../observability/request-observer.js';
import { Connections } from './connection/connections.js';
import { faultOf, type InputError, isTimeout, rawAnswer } from './connection/unparsed-input.js';
import { FastPath } from './fast-path/fast-path.js';
import { type LocatedRequest, RequestLocator } from './request/located-request.js';
import { headFaultOf } from './request/request-head.js';
import { type InputFault, type InputFaultPresenter, oauthInputFault } from './response/input-fault.js';
import { FinishedRequest, observedInput } from './response/observation.js';
import { type ObservedResponse, send } from './response/reply.js';

/** Settings of a listener. */
export interface ListenerSettings {
  /** Deployment prefix of the `/oauth2` paths, `/am`; empty for none. */
  readonly basePrefix: string;
  /** Seconds that a connection without a request under way is kept. */
  readonly keepAliveTimeout: number;
}

/** What Node's server is told, besides the settings. */
const serverOptions: ServerOptions = {
  // Time limits for a request's headers and for all of it, and the interval of the checks, in milliseconds.
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 1_000,
  // More than a target and headers may have, so that nearly always we can tell which of them is too long.
  maxHeaderSize: 40 * 1024,
  // Node would answer a request without Host by itself, without a body.
  requireHostHeader: false,
};

/** As with TCP, a client may half-close its connection; a handshake takes as long as the headers of a request. */
const tlsOptions = { allowHalfOpen: true, handshakeTimeout: serverOptions.headersTimeout };

/** A connection on which nothing moves for so long is closed, even if an answer is owed, in milliseconds. */
const silenceMs = 60_000;

/** Express without its additions, behind the one function that every request of a listener passes. */
export class HttpAdapter extends ExpressAdapter {
  /** Answers some requests before Express does. */
  readonly fastPath = new FastPath();
  private readonly locator: RequestLocator;
  private stopping = false;
  private connections?: Connections;

  /**
   * @param observers are notified of every request
   * @param presentFault makes the answer to input that no endpoint sees
   */
  constructor(
    readonly observers: RequestObservers,
    private readonly settings: ListenerSettings,
    private readonly presentFault: InputFaultPresenter = oauthInputFault,
  ) {
    super();
    this.locator = new RequestLocator(settings.basePrefix);
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
      if (!this.take(connections, request, response)) express(request, response);
    };
    const server = httpsOptions
      ? createTlsServer({ ...httpsOptions, ...serverOptions, ...tlsOptions }, handle)
      : createServer(serverOptions, handle);
    const connections = new Connections(server, httpsOptions !== undefined, (response) =>
      this.observe(response),
    );
    this.connections = connections;
    // An unknown expectation may be ignored (RFC 9110 §10.1.1); Node would answer it by itself, without a
    // body.
    server.on('checkExpectation', handle);
    // Node silently drops header lines beyond the 1000th, even a second Authorization; the limit of 16 KiB is
    // enough.
    server.maxHeadersCount = 0;
    server.timeout = silenceMs;
    server.keepAliveTimeout = this.settings.keepAliveTimeout * 1000;
    server.on('clientError', (error: InputError, socket) => {
      if (isTimeout(error) && connections.keepUnused(socket as Socket)) return;
      this.refuse(connections, socket as Socket, faultOf(error));
    });
    // Node would close the connection without a word (RFC 9110 §9.3.6), and has left it to us.
    server.on('connect', (_request, socket: Socket) => {
      socket.on('error', () => {}).resume();
      this.refuse(connections, socket, 501);
    });
    this.httpServer = server;
  }

  /** Accepts no more connections, and resolves when all are closed; each is closed as soon as it is idle. */
  override close(): Promise<unknown> | undefined {
    // Not `server.listening`: a server that gets its connections from another process never listens.
    this.stopping = true;
    const closed = super.close();
    this.connections?.closeUnused();
    return closed;
  }

  /** Answers input that is not a request. Its observers see neither a method nor a route of it. */
  private refuse(connections: Connections, socket: Socket, fault: InputFault): void {
    const own: string = randomUUID();
    const answer = (correlationId = own) => rawAnswer(this.presentFault(fault, correlationId), correlationId);
    connections.fail(socket, answer, () =>
      this.observers.observe(observedInput(this.presentFault(fault, own), own)),
    );
  }

  private observe(response: ObservedResponse): void {
    if (!this.observers.isEmpty) this.observers.observe(new FinishedRequest(response));
  }

  /**
   * Answers a request, unless Express must do it.
   * @returns whether it is answered
   */
  private take(connections: Connections, request: LocatedRequest, response: ObservedResponse): boolean {
    const fault = headFaultOf(request);
    // During a stop every open connection is closed after its answer.
    const last = this.stopping || fault !== undefined;
    if (!connections.begin(request, response, last)) {
      request.resume();
      return true;
    }
    response.correlationId = randomUUID();
    response.takenAt = performance.now();
    if (last) response.setHeader('Connection', 'close');
    if (fault) {
      const reply = this.presentFault(fault.fault, response.correlationId);
      send(response, { ...reply, details: { ...reply.details, detail: fault.detail } });
      return true;
    }
    this.locator.locate(request);
    return this.fastPath.handle(request, response);
  }
}
