import type { SubjectKind } from '../../domain/audit.js';
import { type SubjectRecord, type SubjectRecords } from '../../domain/subject-records.js';
import type { CallerAddresses } from '../../http/request/caller-address.js';
import type { ObservedResponse, Reply } from '../../http/response/reply.js';
import type { Administrator } from '../../provisioning/administrator.js';
import { ChangeRefused } from '../../provisioning/change-refused.js';
import type { Registrar } from '../../provisioning/registrar.js';
import { actorOf } from '../actor.js';
import { AdminQuery } from '../admin-query.js';
import { type AdminRequest, callerOf } from '../admin.guard.js';
import { requiredVersion, wantedVersion } from '../entity-tag.js';
import { readJsonObject, readMergePatch } from '../json-body.js';
import type { Pager } from '../pager.js';
import { notFound } from '../problem.js';
import type { Turns } from '../turns.js';
import { subjectListRequest } from './subject-list.request.js';
import { refusedChange } from './subject-refusal.js';
import { realmOf, targetOf } from './subject-target.js';
import { createdReply, removedReply, subjectListReply, subjectReply } from './subject.reply.js';

/**
 * Answers the requests about realms, clients and users. Every method throws a Problem for a request that is refused, and
 * StoreUnavailable.
 */
export class SubjectRequests {
  constructor(
    private readonly records: SubjectRecords,
    private readonly registrar: Registrar,
    private readonly pager: Pager,
    private readonly turns: Turns,
    private readonly addresses: CallerAddresses,
  ) {}

  async list<Kind extends SubjectKind>(kind: Kind, request: AdminRequest): Promise<Reply> {
    const { query, wanted, view } = subjectListRequest(kind, request);
    const page = await this.pager.part<SubjectRecord<Kind>, [string]>(query, view, async (limit, key) => {
      const { records, last } = await this.records.list(kind, { ...wanted, limit, after: key?.[0] });
      return { items: records, last: last === undefined ? undefined : [last] };
    });
    return subjectListReply(request, kind, page);
  }

  async show(kind: SubjectKind, name: string, request: AdminRequest): Promise<Reply> {
    const target = targetOf(kind, name, queryOf(kind, request), callerOf(request));
    const record = await this.turns.take(() => this.records.find(kind, target));
    if (!record) throw notFound();
    return subjectReply(request, kind, record);
  }

  async create(kind: SubjectKind, request: AdminRequest, response: ObservedResponse): Promise<Reply> {
    const caller = callerOf(request);
    const query = queryOf(kind, request);
    const realm = kind === 'realm' ? caller.realm : realmOf(query, 'realm', caller);
    const members = await readJsonObject(request);
    const { record, secret } = await this.change(request, response, (by) =>
      this.registrar.create(kind, realm, members, by),
    );
    return createdReply(request, kind, record, secret);
  }

  async patch(
    kind: SubjectKind,
    name: string,
    request: AdminRequest,
    response: ObservedResponse,
  ): Promise<Reply> {
    const target = targetOf(kind, name, queryOf(kind, request), callerOf(request));
    const version = requiredVersion(request);
    const patch = await readMergePatch(request);
    const { record, secret } = await this.change(request, response, (by) =>
      this.registrar.patch(kind, target, patch, version, by),
    );
    return subjectReply(request, kind, record, secret);
  }

  async remove(
    kind: SubjectKind,
    name: string,
    request: AdminRequest,
    response: ObservedResponse,
  ): Promise<Reply> {
    const query = queryOf(kind, request, kind === 'realm' ? ['recursive'] : []);
    const target = targetOf(kind, name, query, callerOf(request));
    const expected = requiredVersion(request);
    const recursive = query.oneOf('recursive', ['true', 'false'], 'false') === 'true';
    await this.change(request, response, (by) =>
      this.registrar.remove(kind, target, { expected, recursive }, by),
    );
    return removedReply(request);
  }

  /** Ends all tokens of a subject. `If-Match` may be left out: ending tokens overwrites nothing. */
  async revoke(
    kind: SubjectKind,
    name: string,
    request: AdminRequest,
    response: ObservedResponse,
  ): Promise<Reply> {
    const target = targetOf(kind, name, queryOf(kind, request), callerOf(request));
    const version = wantedVersion(request);
    const record = await this.change(request, response, (by) =>
      this.registrar.revoke(kind, target, version, by),
    );
    return subjectReply(request, kind, record);
  }

  /** Gives a user another password. `If-Match` may be left out: nobody can have seen the one before. */
  async setPassword(name: string, request: AdminRequest, response: ObservedResponse): Promise<Reply> {
    const target = targetOf('user', name, queryOf('user', request), callerOf(request));
    const version = wantedVersion(request);
    const credential = await readJsonObject(request);
    const record = await this.change(request, response, (by) =>
      this.registrar.setPassword(target, credential, version, by),
    );
    return subjectReply(request, 'user', record);
  }

  private async change<Result>(
    request: AdminRequest,
    response: ObservedResponse,
    make: (by: Administrator) => Promise<Result>,
  ): Promise<Result> {
    const by = { actor: actorOf(request, response, this.addresses), realm: callerOf(request).realm };
    try {
      return await this.turns.take(() => make(by));
    } catch (error) {
      throw error instanceof ChangeRefused ? refusedChange(error) : error;
    }
  }
}

/** The query of a request about one subject, or the next one. */
function queryOf(kind: SubjectKind, request: AdminRequest, more: readonly string[] = []): AdminQuery {
  return new AdminQuery(request, [...(kind === 'realm' ? [] : ['realm']), ...more]);
}
