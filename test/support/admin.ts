import { randomBytes, randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import type { TestApp, TokenToStore } from './app.js';
import { client, configuration } from './configuration.js';
import { type Answer, ask, type Ask } from './exchange.js';

/** A realm for each case of `isWithin`, each with clients for every right to administer, and a user. */
export function adminConfiguration(): string {
  const clients = (['none', 'read', 'write'] as const).map((administer) =>
    client({
      client_id: administer,
      scopes: ['admin', 'admin:read', 'other'],
      default_scopes: [],
      administer,
    }),
  );
  const realm = { clients, users: [{ username: 'ann', password: 'ann-password' }] };
  return configuration({ '/': realm, '/alpha': realm, '/alpha/beta': realm, '/alphabet': realm });
}

/** An answer, with its body if that is JSON. */
export interface JsonAnswer extends Answer {
  readonly json: Record<string, unknown>;
}

/** The operator's listener of a test's application. */
export class AdminTestApp {
  constructor(
    private readonly app: TestApp,
    readonly nest: INestApplication,
  ) {}

  /** Its base URL, without a trailing slash. */
  get url(): string {
    const { port } = (this.nest.getHttpServer() as Server).address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Stores a token that may look at everything, except as stated. The clients are those of `adminConfiguration`. */
  async token(stated: Partial<TokenToStore> = {}): Promise<string> {
    const now = this.app.clock.now();
    const value = `imported-${randomUUID()}`;
    await this.app.storeToken(value, {
      realm: '/',
      clientId: 'read',
      scope: ['admin:read'],
      grantType: 'client_credentials',
      authLevel: 0,
      issuedAt: now,
      expiresAt: now + 3_600_000,
      ...stated,
    });
    return value;
  }

  /** Sends a request with this token. */
  async ask(token: string | undefined, request: Ask): Promise<JsonAnswer> {
    const headers: Ask['headers'] = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await ask(this, { ...request, headers: { ...headers, ...request.headers } });
    const isJson = answer.headers['content-type']?.endsWith('json') && answer.body !== '';
    return { ...answer, json: isJson ? (JSON.parse(answer.body) as Record<string, unknown>) : {} };
  }

  /** Sends a GET with this token. */
  get(token: string | undefined, path: string): Promise<JsonAnswer> {
    return this.ask(token, { method: 'GET', path });
  }

  /** Posts this as JSON, or these bytes as they are. */
  post(token: string | undefined, path: string, body: object | string | Buffer): Promise<JsonAnswer> {
    const raw = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    return this.ask(token, { path, body: raw, headers: { 'content-type': 'application/json' } });
  }
}

/** Expects a problem document (RFC 9457) of this kind, and returns it. */
export function expectProblem(answer: JsonAnswer, status: number, kind: string): Record<string, unknown> {
  expect([answer.status, answer.json]).toEqual([
    status,
    expect.objectContaining({ type: `urn:symbolon:problem:${kind}`, status }),
  ]);
  expect(answer.headers).toMatchObject({
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  expect(answer.json.correlation_id).toMatch(/^[0-9a-f-]{36}$/);
  const members = ['type', 'title', 'status', 'detail', 'errors', 'version', 'correlation_id'];
  expect(Object.keys(answer.json).filter((name) => !members.includes(name))).toEqual([]);
  return answer.json;
}

/** A token in the form of ours that none of our keys has tagged. */
export function forgedToken(): string {
  return `sya_${randomBytes(41).toString('base64url').slice(0, 54)}`;
}
