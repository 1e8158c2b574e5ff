import type { Client } from '../../domain/client.js';
import {
  type ClientSecretList,
  type ClientSecrets,
  defaultOverlap,
  maxOverlap,
  type SecretChange,
} from '../../domain/client-secrets.js';
import { rootRealm } from '../../domain/realm.js';
import { SecretRefused } from '../../domain/secret-refusal.js';
import type { CallerAddresses } from '../../http/request/caller-address.js';
import type { ObservedResponse, Reply } from '../../http/response/reply.js';
import { actorOf } from '../actor.js';
import { AdminQuery } from '../admin-query.js';
import { adminReply } from '../admin-reply.js';
import { type AdminRequest, callerOf } from '../admin.guard.js';
import { entityTag, requiredVersion } from '../entity-tag.js';
import { readJsonBody } from '../json-body.js';
import { notFound, Problem } from '../problem.js';
import { targetOf } from '../subjects/subject-target.js';
import type { Turns } from '../turns.js';
import { secretListMembers } from './secret.view.js';

/**
 * Answers the requests about the secrets of a client. The entity tag is that of the list, which the use of a secret leaves
 * as it is. Every method throws a Problem for a request that is refused, and StoreUnavailable.
 */
export class SecretRequests {
  constructor(
    private readonly secrets: ClientSecrets,
    private readonly turns: Turns,
    private readonly addresses: CallerAddresses,
  ) {}

  async list(clientId: string, request: AdminRequest): Promise<Reply> {
    const { realm, name } = clientOf(clientId, request);
    const list = await this.inTurn(() => this.secrets.list(realm, name));
    return listReply(request, list);
  }

  /** Makes a new secret; the answer shows it this once. */
  async rotate(clientId: string, request: AdminRequest, response: ObservedResponse): Promise<Reply> {
    const change = this.changeOf(clientId, request, response);
    const body = await readJsonBody(request, ['overlap']);
    const overlap = body.integer('overlap', 0, maxOverlap) ?? defaultOverlap;
    const list = await this.inTurn(() => this.secrets.rotate(change, overlap));
    return { ...listReply(request, list, { client_secret: list.value }), status: 201 };
  }

  async end(
    clientId: string,
    secret: string,
    request: AdminRequest,
    response: ObservedResponse,
  ): Promise<Reply> {
    const change = this.changeOf(clientId, request, response);
    return listReply(request, await this.inTurn(() => this.secrets.end(change, secret)));
  }

  private changeOf(clientId: string, request: AdminRequest, response: ObservedResponse): SecretChange {
    const { realm, name } = clientOf(clientId, request);
    const caller = callerOf(request);
    return {
      realm,
      clientId: name,
      version: requiredVersion(request),
      actor: actorOf(request, response, this.addresses),
      // It would let the caller introspect the tokens of realms that are not the caller's.
      mayChange: ({ introspect }: Client) => introspect !== 'all' || caller.realm === rootRealm,
    };
  }

  private async inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      return await this.turns.take(work);
    } catch (error) {
      throw error instanceof SecretRefused ? problemOf(error) : error;
    }
  }
}

/** The client that a path names. */
function clientOf(clientId: string, request: AdminRequest): { realm: string; name: string } {
  const query = new AdminQuery(request, ['realm']);
  const { realm, name = '' } = targetOf('client', clientId, query, callerOf(request));
  return { realm, name };
}

function listReply(request: AdminRequest, list: ClientSecretList, shownOnce: object = {}): Reply {
  const reply = adminReply(request, { ...shownOnce, ...secretListMembers(list) });
  return { ...reply, headers: { ...reply.headers, ETag: entityTag(list.version) } };
}

function problemOf({ reason, message, version }: SecretRefused): Problem {
  switch (reason) {
    case 'missing':
      return notFound();
    case 'forbidden':
      return new Problem('not-allowed', message);
    case 'stale':
      return new Problem('stale', message, {
        version,
        headers: version === undefined ? undefined : { ETag: entityTag(version) },
      });
    case 'public':
    case 'two':
    case 'current':
    case 'changed':
      return new Problem('conflict', message);
  }
}
