/** A route of the operator's listener that asks for an admin token. A later one joins by a line. */
export interface AdminRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/admin/v1/`, with names that `adminConfiguration` has; of realms that of `/alpha`. */
  readonly path: string;
  /** A body that is taken; left out where none is read. */
  readonly body?: object;
  /** The other methods of the same path. */
  readonly also?: readonly string[];
  /** Whether it belongs to no realm, so that callers of the root realm alone may ask. */
  readonly ofRoot?: boolean;
}

const patched = ['PATCH', 'DELETE'];

/** Routes that only look. */
export const readingRoutes: readonly AdminRoute[] = [
  { method: 'GET', path: 'monitoring' },
  { method: 'GET', path: 'monitoring/series' },
  { method: 'GET', path: 'refusals' },
  { method: 'GET', path: 'audit' },
  { method: 'GET', path: 'nodes', ofRoot: true },
  { method: 'GET', path: 'imported-tokens', ofRoot: true },
  { method: 'GET', path: 'keys', ofRoot: true },
  { method: 'GET', path: 'settings', ofRoot: true },
  { method: 'GET', path: 'doctor', ofRoot: true },
  { method: 'GET', path: 'caller' },
  { method: 'GET', path: 'realms', also: ['POST'] },
  { method: 'GET', path: 'realms/%2Falpha', also: patched },
  { method: 'GET', path: 'clients', also: ['POST'] },
  { method: 'GET', path: 'clients/read', also: patched },
  { method: 'GET', path: 'clients/read/secrets', also: ['POST'] },
  { method: 'GET', path: 'users', also: ['POST'] },
  { method: 'GET', path: 'users/ann', also: patched },
  { method: 'GET', path: 'tokens?username=ann' },
  { method: 'GET', path: 'search?q=a' },
  { method: 'POST', path: 'tokens/explain', body: { token: 'unknown' } },
];

/** Routes that change something. */
export const changingRoutes: readonly AdminRoute[] = [
  { method: 'POST', path: 'realms', body: { name: '/alpha/made' } },
  { method: 'PATCH', path: 'realms/%2Falpha', body: {} },
  { method: 'DELETE', path: 'realms/%2Falpha' },
  { method: 'POST', path: 'realms/%2Falpha/revoke' },
  { method: 'POST', path: 'clients', body: { client_id: 'made' } },
  { method: 'PATCH', path: 'clients/read', body: {} },
  { method: 'DELETE', path: 'clients/read' },
  { method: 'POST', path: 'clients/read/revoke' },
  { method: 'POST', path: 'clients/read/secrets', body: { overlap: 0 } },
  { method: 'DELETE', path: 'clients/read/secrets/unknown' },
  { method: 'POST', path: 'users', body: { username: 'made', password: 'made-password' } },
  { method: 'PATCH', path: 'users/ann', body: {} },
  { method: 'DELETE', path: 'users/ann' },
  { method: 'POST', path: 'users/ann/revoke' },
  { method: 'PUT', path: 'users/ann/password', body: { password: 'another' } },
  { method: 'POST', path: 'tokens/revoke', body: { id: 'A'.repeat(43) } },
  { method: 'POST', path: 'keys/rotate', ofRoot: true },
];
