import type { AccessToken } from '../../src/domain/access-token.js';
import { type AuditAction, type AuditEvent, AuditLog } from '../../src/domain/audit.js';
import { InactiveCauses, stateOf } from '../../src/domain/inactive-cause.js';
import { inactive, type InactiveReason } from '../../src/domain/inactive.js';
import { stateSentence } from '../../src/domain/state-sentences.js';
import type { StoredToken } from '../../src/domain/stored-token.js';
import { type RecordedRevocation, type TokenPart, TokenRecords } from '../../src/domain/token-record.js';

const issuedAt = Date.UTC(2026, 0, 1);
const now = issuedAt + 60_000;

const token: AccessToken = {
  realm: '/alpha',
  clientId: 'app',
  username: 'ann',
  scope: ['read'],
  grantType: 'password',
  authLevel: 0,
  issuedAt,
  expiresAt: issuedAt + 3_600_000,
  epochs: { realm: 10, client: 11, resourceOwner: 12 },
  family: 'the-family',
};

/** The events of a test, and nothing more of an audit log. */
class Events extends AuditLog {
  constructor(private readonly events: readonly AuditEvent[]) {
    super();
  }

  async append(): Promise<void> {}

  async appendImport(): Promise<void> {}

  async list(): Promise<AuditEvent[]> {
    return [];
  }

  async oldest(): Promise<undefined> {}

  async firstAfter(kind: string, subject: Subject, epoch: number): Promise<AuditEvent | undefined> {
    return this.of(subject)
      .filter((event) => event.action.startsWith(`${kind}.`) && (event.epoch ?? 0) > epoch)
      .sort((a, b) => a.epoch! - b.epoch!)[0];
  }

  async latest(actions: readonly AuditAction[], subject: Subject): Promise<AuditEvent | undefined> {
    return this.of(subject)
      .filter(({ action }) => actions.includes(action))
      .sort((a, b) => b.at - a.at)[0];
  }

  async changesAfter(): Promise<AuditEvent[]> {
    return [];
  }

  private of({ realm, name }: Subject): AuditEvent[] {
    return this.events.filter((event) => event.realm === realm && event.name === name);
  }
}

interface Subject {
  readonly realm: string;
  readonly name?: string;
}

/** A token's family, and nothing more of stored tokens. */
class Family extends TokenRecords {
  constructor(private readonly revocation: RecordedRevocation | undefined) {
    super();
  }

  async findAccessToken(): Promise<undefined> {}

  async listOfUser(): Promise<TokenPart> {
    return { tokens: [] };
  }

  async findRefreshToken(): Promise<undefined> {}

  async findFamilyOwner(): Promise<undefined> {}

  async findFamilyRevocation(family: string): Promise<RecordedRevocation | undefined> {
    return family === token.family ? this.revocation : undefined;
  }
}

function event(action: AuditAction, seconds: number, more: Partial<AuditEvent> = {}): AuditEvent {
  const name = { realm: undefined, client: 'app', user: 'ann' }[action.split('.')[0]];
  const at = issuedAt + seconds * 1000;
  return {
    id: 'x',
    at,
    actor: { kind: 'cli', name: 'eve' },
    action,
    realm: '/alpha',
    name,
    changes: {},
    ...more,
  };
}

function stored(reason: InactiveReason, revocation?: RecordedRevocation): StoredToken {
  return { kind: 'access', token, revocation, checked: inactive[reason], subjects: {} };
}

/** The sentence about a token in this state, with these events of the past. */
async function told(reason: InactiveReason, events: readonly AuditEvent[]): Promise<string> {
  const found = stored(reason);
  const cause = await new InactiveCauses(new Family(undefined), new Events(events)).of(found, reason);
  return stateSentence(found, reason, cause, now);
}

/** The sentence about a revoked token. */
async function toldOf(revocation: RecordedRevocation, ofFamily?: RecordedRevocation): Promise<string> {
  const found = stored('client_gone', revocation);
  expect(stateOf(found)).toBe('revoked');
  const cause = await new InactiveCauses(new Family(ofFamily), new Events([])).of(found, 'revoked');
  return stateSentence(found, 'revoked', cause, now);
}

const at = '2026-01-01T00:00:30Z';
const eve = `at ${at} by eve at the command line`;

it.each<[InactiveReason, AuditEvent[], string]>([
  ['realm_disabled', [event('realm.disabled', 30)], `The realm /alpha was disabled ${eve}.`],
  ['client_disabled', [event('client.disabled', 30)], `The client app was disabled ${eve}.`],
  [
    'user_disabled',
    [event('user.disabled', 20), event('user.disabled', 30)],
    `The user ann was disabled ${eve}.`,
  ],
  ['realm_gone', [event('realm.deleted', 30)], `The realm /alpha was deleted ${eve}.`],
  ['client_gone', [event('client.deleted', 30)], `The client app was deleted ${eve}.`],
  ['client_gone', [event('realm.deleted', 30)], `The client app was deleted ${eve}.`],
  ['user_gone', [event('user.deleted', 30)], `The user ann was deleted ${eve}.`],
  [
    'realm_ended',
    [event('realm.tokens_ended', 30, { epoch: 20 })],
    `All tokens of the realm /alpha were ended ${eve}.`,
  ],
  [
    'client_ended',
    [event('client.secret_added', 30, { epoch: 20 })],
    `It was ended by a new secret of the client app ${eve}.`,
  ],
  [
    'client_ended',
    [event('client.secret_ended', 30, { epoch: 20 })],
    `It was ended with a secret of the client app ${eve}.`,
  ],
  [
    'client_ended',
    [event('client.updated', 30, { epoch: 20 })],
    `It was ended by a change of the client app ${eve}.`,
  ],
  [
    'user_ended',
    [event('user.password_changed', 30, { epoch: 20 })],
    `It was ended by a new password of the user ann ${eve}.`,
  ],
  [
    'client_ended',
    [event('client.disabled', 30, { epoch: 20 })],
    `It was ended when the client app was disabled ${eve}; enabling it again does not undo that.`,
  ],
  [
    'user_ended',
    [event('user.created', 30, { epoch: 20 })],
    `The user ann was deleted, and made again ${eve}.`,
  ],
])('tells when and by whom: %s', async (reason, events, sentence) => {
  expect(await told(reason, events)).toBe(sentence);
});

it('names the change that ended the token, not one before or after it', async () => {
  const changes = [
    event('user.password_changed', 10, { epoch: 12 }),
    event('user.tokens_ended', 40, { epoch: 30 }),
    event('user.password_changed', 30, { epoch: 20 }),
    event('user.password_changed', 50, { epoch: 40, name: 'bob' }),
  ];
  expect(await told('user_ended', changes)).toBe(`It was ended by a new password of the user ann ${eve}.`);
});

it.each<[InactiveReason, AuditEvent[], RegExp]>([
  ['client_disabled', [], /^The client app is disabled; it is not known since when\.$/],
  // It was enabled again, and what disabled it after that is not known.
  [
    'client_disabled',
    [event('client.disabled', 10), event('client.enabled', 20)],
    /it is not known since when\.$/,
  ],
  ['user_gone', [], /^The user ann no longer exists; it is not known since when\.$/],
  // A user of that name was deleted before the token was issued.
  ['user_gone', [event('user.deleted', -10)], /it is not known since when\.$/],
  [
    'client_gone',
    [event('client.deleted', 10), event('client.created', 20)],
    /it is not known since when\.$/,
  ],
  ['realm_ended', [], /^It was ended by a change of the realm \/alpha \(.*\); it is not known when\.$/],
  [
    'client_ended',
    [event('client.secret_added', 10)],
    /\(it has a new secret, .*\); it is not known when\.$/,
  ],
  ['user_ended', [event('user.password_changed', 10, { epoch: 9 })], /it is not known when\.$/],
])('says that it is not known when there is no event for it: %s', async (reason, events, sentence) => {
  expect(await told(reason, events)).toMatch(sentence);
});

it.each<[string, RecordedRevocation, RecordedRevocation | undefined]>([
  [`It was revoked at ${at} by its client.`, { at: issuedAt + 30_000, by: 'client' }, undefined],
  [`It was revoked at ${at} by an administrator.`, { at: issuedAt + 30_000, by: 'admin' }, undefined],
  [
    `It was revoked at ${at} together with its family by its client.`,
    { at: issuedAt + 31_000, by: 'family' },
    { at: issuedAt + 30_000, by: 'client' },
  ],
  [
    `It was revoked at ${at} together with its family: a refresh token or code that had been used was presented again.`,
    { at: issuedAt + 30_000, by: 'family' },
    { at: issuedAt + 30_000, by: 'reuse' },
  ],
  [`It was revoked at ${at} together with its family.`, { at: issuedAt + 30_000, by: 'family' }, undefined],
  ['It was revoked; it is not known when, and by whom.', {}, undefined],
  ['It was revoked by its client; it is not known when.', { by: 'client' }, undefined],
  [`It was revoked at ${at}; it is not known by whom.`, { at: issuedAt + 30_000 }, undefined],
])('tells of a revocation: %s', async (sentence, revocation, ofFamily) => {
  expect(await toldOf(revocation, ofFamily)).toBe(sentence);
});

it.each([
  [{ kind: 'file', name: 'symbolon.yaml' }, 'by the configuration file symbolon.yaml'],
  [{ kind: 'token', name: 'symbolon-admin' }, 'by the admin client symbolon-admin'],
  [{ kind: 'system', name: '' }, 'by the server itself'],
] as const)('names who made the change: %j', async (actor, words) => {
  const sentence = await told('client_disabled', [event('client.disabled', 30, { actor })]);
  expect(sentence).toBe(`The client app was disabled at ${at} ${words}.`);
});
