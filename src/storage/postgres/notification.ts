import type { Change, SubjectName } from '../../domain/change-feed.js';
import type { Statement } from './statement.js';

/** The channel of `NOTIFY` that all nodes of one database listen to. */
export const channel = 'symbolon';

/** Sends one payload when, and only if, its transaction commits. */
export const notify: Statement = { name: 'notify', text: `SELECT pg_notify('${channel}', $1)` };

/** PostgreSQL's own limit is 8000 bytes. */
const maxPayloadBytes = 7900;
const hashesEach = 100;

/** Sending more payloads than this costs more than emptying the cache, which reads fill again. */
const maxPayloads = 100;

/**
 * A payload as it is written: a change, or a node's heartbeat. A node of an earlier version takes a kind that it does not
 * know for a change of everything, so a new kind must have none of the other kinds' members.
 */
type Payload =
  | { readonly revoked: readonly string[] }
  | { readonly realm: string }
  | { readonly client: SubjectName }
  | { readonly resourceOwner: SubjectName }
  | { readonly added: true }
  | { readonly flush: true }
  | { readonly beat: Heartbeat };

/** What a node sends to itself, to prove that it receives notifications. */
export interface Heartbeat {
  /** The node's UUID. */
  readonly node: string;
  /** `elapsed` of that node's clock. */
  readonly sentAt: number;
}

/** The payloads for some changes; a single `flush` where they would be too many or too long. */
export function payloadsOf(changes: readonly Change[]): string[] {
  const payloads = changes.flatMap(payloadsOfOne).map((payload) => JSON.stringify(payload));
  const fits = payloads.length <= maxPayloads && payloads.every(isShort);
  return fits ? payloads : [JSON.stringify({ flush: true } satisfies Payload)];
}

export function heartbeatPayload(heartbeat: Heartbeat): string {
  return JSON.stringify({ beat: heartbeat } satisfies Payload);
}

/**
 * Reads a payload: a change, or a heartbeat. Any client of the database can send a notification, so a payload
 * in any other form counts as a change of everything.
 */
export function readPayload(text: string): { readonly change: Change } | { readonly heartbeat: Heartbeat } {
  const { beat, revoked, realm, client, resourceOwner, added } = membersOf(text);
  if (isHeartbeat(beat)) return { heartbeat: beat };
  if (typeof realm === 'string') return { change: { realm } };
  if (isSubjectName(client)) return { change: { client } };
  if (isSubjectName(resourceOwner)) return { change: { resourceOwner } };
  if (added === true) return { change: 'addedTokens' };
  if (!areTexts(revoked)) return { change: 'everything' };
  return { change: { accessTokens: revoked.map((hash) => Buffer.from(hash, 'base64url')) } };
}

function payloadsOfOne(change: Change): Payload[] {
  if (change === 'everything') return [{ flush: true }];
  if (change === 'addedTokens') return [{ added: true }];
  if (!('accessTokens' in change)) return [change];
  const hashes = change.accessTokens.map((hash) => hash.toString('base64url'));
  const count = Math.ceil(hashes.length / hashesEach);
  return Array.from({ length: count }, (_, index) => ({
    revoked: hashes.slice(index * hashesEach, (index + 1) * hashesEach),
  }));
}

function isShort(payload: string): boolean {
  return Buffer.byteLength(payload) <= maxPayloadBytes;
}

function membersOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

function isHeartbeat(value: unknown): value is Heartbeat {
  const { node, sentAt } = (value ?? {}) as Partial<Record<keyof Heartbeat, unknown>>;
  return typeof node === 'string' && typeof sentAt === 'number';
}

function isSubjectName(value: unknown): value is SubjectName {
  const { realm, name } = (value ?? {}) as Partial<Record<keyof SubjectName, unknown>>;
  return typeof realm === 'string' && typeof name === 'string';
}

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
