import { AuditLog } from '../../src/domain/audit.js';
import type { AdminTestApp, JsonAnswer } from './admin.js';
import type { TestApp } from './app.js';

/** Requests about realms, clients and users, with a token that may change them. Each change has a moment of its own. */
export class SubjectRoutes {
  constructor(
    private readonly app: TestApp,
    private readonly admin: AdminTestApp,
    readonly token: string,
  ) {}

  get(path: string): Promise<JsonAnswer> {
    return this.admin.get(this.token, `/admin/v1/${path}`);
  }

  create(path: string, members: object): Promise<JsonAnswer> {
    this.app.clock.advance(1);
    return this.admin.post(this.token, `/admin/v1/${path}`, members);
  }

  /** @param match `If-Match`; none where it is undefined */
  send(method: string, path: string, match: string | undefined, body?: object): Promise<JsonAnswer> {
    this.app.clock.advance(1);
    return this.admin.ask(this.token, {
      method,
      path: `/admin/v1/${path}`,
      headers: {
        ...(match === undefined ? {} : { 'if-match': match }),
        ...(body ? { 'content-type': 'application/merge-patch+json' } : {}),
      },
      body: body && JSON.stringify(body),
    });
  }

  patch(path: string, patch: object, match = '*'): Promise<JsonAnswer> {
    return this.send('PATCH', path, match, patch);
  }

  put(path: string, members: object): Promise<JsonAnswer> {
    this.app.clock.advance(1);
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(members);
    return this.admin.ask(this.token, { method: 'PUT', path: `/admin/v1/${path}`, headers, body });
  }

  /** Actions of the audit events of a subject, oldest first. */
  async actions(realm: string, name?: string): Promise<string[]> {
    const events = await this.app.nest.get(AuditLog).list({ within: '/', realm, name, limit: 200 });
    return events
      .filter((event) => event.name === name)
      .map(({ action }) => action)
      .reverse();
  }
}
