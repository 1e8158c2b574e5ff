import { createHash, randomUUID } from 'node:crypto';
import { AuditLog, type AuditAction, type NewAuditEvent } from '../../src/domain/audit.js';
import type { RefusalReason } from '../../src/domain/inactive.js';
import { type Refusal, RefusalLog } from '../../src/domain/refusal.js';
import { NodeRoster } from '../../src/domain/roster.js';
import { type TrafficBatch, type TrafficRow, TrafficStore } from '../../src/domain/traffic.js';
import type { TestApp } from './app.js';
import { client, configuration } from './configuration.js';
import { Random } from './random.js';

const minuteMs = 60_000;

/** Who asks what: messages a minute, the share that is refused, and the average time in microseconds. */
const callers = [
  ['/oauth2/tokeninfo', 'GET header', '/alpha', 'billing', 24_600, 0.006, 320],
  ['/oauth2/tokeninfo', 'GET header', '/alpha', 'mobile-app', 9_800, 0.019, 410],
  ['/api/oauth/tokeninfo', 'GET query', '/', 'legacy-gateway', 8_200, 0.004, 290],
  ['/api/oauth/tokeninfo', 'POST form', '/', 'warehouse', 3_400, 0.002, 350],
  ['/oauth2/introspect', 'POST', '/alpha', 'orders-api', 6_100, 0.011, 520],
  ['/oauth2/introspect', 'POST', '/alpha/partners', 'partner-portal', 1_240, 0.034, 610],
  ['/oauth2/token', 'client_credentials', '/alpha', 'orders-api', 420, 0.002, 2_900],
  ['/oauth2/token', 'refresh_token', '/alpha', 'mobile-app', 960, 0.021, 4_100],
  ['/oauth2/token', 'password', '/alpha', 'crm-import', 48, 0.09, 31_000],
  ['/api/oauth/token', 'password', '/', 'legacy-gateway', 72, 0.03, 29_000],
  ['/oauth2/token', 'authorization_code', '/alpha', 'web-shop', 310, 0.008, 5_200],
  ['/oauth2/revoke', 'POST', '/alpha', 'mobile-app', 85, 0, 3_300],
  ['/oauth2/tokeninfo', 'GET header', '', '', 95, 1, 60],
] as const;

const reasons: readonly (readonly [RefusalReason, number])[] = [
  ['expired', 61],
  ['forged', 14],
  ['revoked', 11],
  ['not_permitted', 6],
  ['no_token', 4],
  ['client_disabled', 3],
  ['throttled_user', 1],
];

const events: readonly (readonly [AuditAction, Partial<NewAuditEvent>])[] = [
  ['configuration.applied', { actor: { kind: 'file', name: 'symbolon.yaml' } }],
  [
    'client.created',
    { realm: '/alpha/partners', name: 'partner-portal', changes: { scopes: { new: ['read'] } } },
  ],
  [
    'client.updated',
    {
      realm: '/alpha',
      name: 'mobile-app',
      changes: {
        access_token_lifetime: { old: 3600, new: 900 },
        scopes: { old: ['profile'], new: ['profile', 'orders'] },
      },
    },
  ],
  ['client.disabled', { realm: '/alpha', name: 'crm-export', epoch: 41 }],
  ['key.rotated', { actor: { kind: 'cli', name: 'anna' } }],
  ['user.password_changed', { realm: '/alpha', name: 'demo', epoch: 42 }],
  ['family.reuse', { actor: { kind: 'system', name: '' }, realm: '/alpha', name: 'mobile-app' }],
  ['user.tokens_ended', { realm: '/alpha', name: 'demo', epoch: 43 }],
];

/** The realms and clients of the traffic, with clients `read` and `write` in each whose tokens may look and change. */
export function dashboardConfiguration(): string {
  const realms = new Map<string, string[]>([
    ['/', []],
    ['/alpha', []],
    ['/alpha/partners', []],
  ]);
  for (const [, , realm, name] of callers) {
    const names = realms.get(realm);
    if (names && !names.includes(name)) names.push(name);
  }
  const watcher = client({
    client_id: 'read',
    scopes: ['admin:read'],
    default_scopes: [],
    administer: 'read',
  });
  const writer = client({ ...watcher, client_id: 'write', scopes: ['admin'], administer: 'write' });
  return configuration(
    Object.fromEntries(
      [...realms].map(([realm, names]) => [
        realm,
        {
          clients: [watcher, writer, ...names.map((name) => client({ client_id: name }))],
          users: [{ username: 'demo', password: 'demo-password' }],
        },
      ]),
    ),
  );
}

/** The pages of the dashboard: their titles, and a text that each shows when it has its answers. */
export const dashboardPages = [
  { path: '/', title: 'Now', shows: 'billing' },
  { path: '/traffic', title: 'Traffic', shows: '/oauth2/introspect' },
  { path: '/refusals', title: 'Refusals', shows: 'Show more' },
  { path: '/legacy', title: 'Legacy use', shows: 'crm-import' },
  { path: '/clients', title: 'Clients', shows: 'legacy-gateway' },
  { path: '/users', title: 'Users', shows: 'demo' },
  { path: '/realms', title: 'Realms', shows: '/alpha/partners' },
  { path: '/tokens', title: 'Tokens', shows: 'Type the name of a user' },
  { path: '/audit', title: 'Audit', shows: 'mobile-app' },
  { path: '/system', title: 'System', shows: '0.8.0' },
] as const;

/** The time at which the hour of traffic ends. */
const evening = Date.UTC(2026, 6, 17, 16, 20, 40);

/**
 * Fills the stores with an hour of traffic, and with a thinner trail of 90 days before it, that a dashboard can show:
 * the same each time. It sets the application's clock forward.
 */
export async function fillDashboard(app: TestApp): Promise<void> {
  app.clock.advance(evening - app.clock.now());
  const now = app.clock.now();
  const random = new Random(17);
  const traffic = app.nest.get(TrafficStore);
  const hour = Array.from({ length: 60 }, (_, minute) => batch(now - minute * minuteMs - 1, minute, random));
  await traffic.add(hour, 2000);
  const days = Array.from({ length: 89 }, (_, day) => batch(now - (day + 1) * 1440 * minuteMs, 30, random));
  await traffic.add(days, 2000);
  await app.nest.get(RefusalLog).add(Array.from({ length: 400 }, (_, index) => refusal(now, index, random)));
  await reportNodes(app.nest.get(NodeRoster), now);
  await recordEvents(app.nest.get(AuditLog), now);
}

/** The messages of one minute. */
function batch(at: number, minutesAgo: number, random: Random): TrafficBatch {
  // A wave over the hour, and ten minutes ago a time in which a store did not answer.
  const wave = 1 + 0.18 * Math.sin((60 - minutesAgo) / 9);
  const outage = minutesAgo >= 9 && minutesAgo <= 11 ? 0.012 : 0;
  const rows = callers.map(([service, method, realm, client, perMinute, refused, time]): TrafficRow => {
    const messages = Math.round(perMinute * wave * (0.94 + random.next() * 0.12));
    const failures = Math.min(messages, Math.round(messages * refused * (0.7 + random.next() * 0.6)));
    const exceptions = Math.round((messages - failures) * outage);
    return {
      ...{ service, method, realm, client, messages, failures, exceptions },
      successes: messages - failures - exceptions,
      timeSum: Math.round(messages * time * (0.9 + random.next() * 0.2)),
      timeMin: Math.round(time * 0.35),
      timeMax: Math.round(time * (8 + random.next() * 20)),
    };
  });
  return { at, rows };
}

function refusal(now: number, index: number, random: Random): Refusal {
  let draw = random.below(100);
  const [reason] = reasons.find(([, share]) => (draw -= share) < 0) ?? reasons[0];
  const [service, method, realm, client] = random.pick(callers.slice(0, 9));
  return {
    id: randomUUID(),
    at: now - index * 8_700 - random.below(8_000),
    route: service,
    method: method.split(' ')[0] === 'GET' ? 'GET' : 'POST',
    status: service === '/oauth2/introspect' ? 200 : reason === 'throttled_user' ? 429 : 401,
    realm: reason === 'forged' ? '' : realm,
    client: reason === 'forged' ? '' : client,
    reason,
    error: service === '/oauth2/introspect' ? undefined : 'invalid_token',
    tokenId: reason === 'forged' ? undefined : createHash('sha256').update(String(index)).digest('base64url'),
  };
}

async function reportNodes(roster: NodeRoster, now: number): Promise<void> {
  const nodes = [
    ['a3', 4211, true, 0],
    ['a3', 4212, true, 0],
    ['b7', 1874, false, 0],
    ['b7', 1875, true, 11 * minuteMs],
  ] as const;
  for (const [index, [host, pid, hears, silentMs]] of nodes.entries()) {
    await roster.report({
      ...{ id: randomUUID(), host, pid, version: '0.8.0', hears },
      started: now - (9 + index) * 3_600_000,
      seen: now - silentMs - index * 900,
      cacheHits: 48_120_400 - index * 3_200_000,
      cacheMisses: 310_220 + index * 41_000,
      rss: 143_654_912 + index * 21_000_000,
      cpu: 6_120 + index * 900,
    });
  }
}

async function recordEvents(log: AuditLog, now: number): Promise<void> {
  const actor = { kind: 'token', name: 'symbolon-admin', address: '10.1.4.27' } as const;
  for (const [index, [action, event]] of events.entries()) {
    await log.append({ at: now - (events.length - index) * 23 * minuteMs, actor, action, ...event });
  }
}
