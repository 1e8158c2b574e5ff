import type {
  Actor,
  AuditAction,
  AuditChanges,
  AuditedSubject,
  NewAuditEvent,
  SubjectKind,
} from './audit.js';
import type { Client } from './client.js';
import type { DirectoryChange, Registration } from './directory-writer.js';
import { type Members, toMembers } from './members.js';
import type { Realm } from './realm.js';
import type { ResourceOwner } from './resource-owner.js';
import { type RecordedSecrets, secretActions } from './secret-actions.js';

/** Who makes some changes of the directory, and when. */
export interface ChangeOrigin {
  readonly actor: Actor;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Name of the configuration file that is applied, if there is one. */
  readonly file?: string;
}

/** A subject as the audit log sees it. */
interface Audited {
  /** Its members, but for its name and `enabled`. */
  readonly members: Members;
  /** The hash of a user's password, or of a client's current secret, by the member that sets it. */
  readonly hashes: Readonly<Partial<Record<'password' | 'client_secret', string>>>;
  readonly enabled: boolean;
  /** A client's. */
  readonly secrets?: RecordedSecrets;
}

/** An action that is recorded by an event of its own, and what is told of it. */
interface SpecialAction {
  readonly action: AuditAction;
  readonly changes?: AuditChanges;
}

interface Names {
  readonly kind: SubjectKind;
  readonly realm: string;
  readonly name?: string;
}

/** The events of a change, without the epoch, which only the writer knows. */
export function auditEventsOf(change: DirectoryChange, { actor, at }: ChangeOrigin): NewAuditEvent[] {
  const { names, before, after } = auditedOf(change);
  const { kind, realm, name } = names;
  const event = (action: AuditAction, changes: AuditChanges = {}): NewAuditEvent => ({
    at,
    actor,
    action,
    realm,
    name,
    changes,
  });
  switch (change.effect) {
    case 'add':
      return [event(`${kind}.created`, differences(undefined, after))];
    case 'remove':
      return [event(`${kind}.deleted`)];
    case 'update':
    case 'endTokens': {
      const actions = before ? specialActions(kind, before, after) : [];
      const changes = before ? differences(before, after) : {};
      const ended = change.effect === 'endTokens' && !actions.some(({ action }) => endsTokens(action));
      const updated = Object.keys(changes).length > 0 || (actions.length === 0 && !ended);
      return [
        ...actions.map(({ action, changes: told }) => event(action, told)),
        ...(ended ? [event(`${kind}.tokens_ended`)] : []),
        ...(updated ? [event(`${kind}.updated`, changes)] : []),
      ];
    }
  }
}

/**
 * What a change changes of its subject's members, `enabled` included; for a new subject those that it has, for one that is
 * removed none. Of secrets, passwords and attributes only that they were `changed`.
 */
export function memberChanges(change: DirectoryChange): AuditChanges {
  const { before, after } = auditedOf(change);
  if (change.effect === 'remove') return {};
  const changes = differences(before, after);
  if (!before) return { ...changes, enabled: { new: after.enabled } };
  if (before.enabled !== after.enabled) {
    Object.assign(changes, { enabled: { old: before.enabled, new: after.enabled } });
  }
  for (const name of ['client_secret', 'password'] as const) {
    if (before.hashes[name] !== after.hashes[name]) Object.assign(changes, { [name]: 'changed' });
  }
  return changes;
}

/** The name of the subject of a change. */
export function changedSubject(change: DirectoryChange): AuditedSubject & { readonly kind: SubjectKind } {
  return auditedOf(change).names;
}

/** The event of a configuration file that changed something; undefined where no file was applied. */
export function configurationEvent(
  changes: readonly DirectoryChange[],
  { actor, at, file }: ChangeOrigin,
): NewAuditEvent | undefined {
  if (file === undefined || changes.length === 0) return undefined;
  const count = (...effects: DirectoryChange['effect'][]) =>
    changes.filter(({ effect }) => effects.includes(effect)).length;
  return {
    at,
    actor,
    action: 'configuration.applied',
    changes: { file, added: count('add'), updated: count('update', 'endTokens'), removed: count('remove') },
  };
}

/**
 * Whether an action may give the subject a new epoch, so that its tokens end. A rotation of secrets gives none, but a file
 * with another secret does.
 */
export function endsTokens(action: AuditAction): boolean {
  return /\.(?:created|disabled|tokens_ended|secret_added|secret_ended|password_changed)$/.test(action);
}

function specialActions(kind: Names['kind'], before: Audited, after: Audited): SpecialAction[] {
  const actions: SpecialAction[] = [];
  if (before.enabled && !after.enabled) actions.push({ action: `${kind}.disabled` });
  if (!before.enabled && after.enabled) actions.push({ action: `${kind}.enabled` });
  if (before.secrets && after.secrets) actions.push(...secretActions(before.secrets, after.secrets));
  if (before.hashes.password !== after.hashes.password) actions.push({ action: 'user.password_changed' });
  return actions;
}

/** Members of which only is recorded that they changed: they may hold secrets or personal data. */
const hiddenMembers = new Set(['additional_information', 'attributes']);

function differences(before: Audited | undefined, after: Audited): AuditChanges {
  const changes: Record<string, unknown> = {};
  for (const name of new Set([...after.members.keys(), ...(before?.members.keys() ?? [])])) {
    const [old, now] = [before?.members.get(name), after.members.get(name)];
    if (isSame(old, now)) continue;
    if (!hiddenMembers.has(name)) {
      changes[name] = before ? { old: plain(old) ?? null, new: plain(now) ?? null } : { new: plain(now) };
    } else if (before) changes[name] = 'changed';
  }
  return changes;
}

/** The order of a mapping counts: tokens have additional information in it. */
function isSame(one: unknown, other: unknown): boolean {
  const written = (value: unknown) =>
    JSON.stringify(value, (_name, item: unknown) => (item instanceof Map ? [...item] : item));
  return written(one) === written(other);
}

/** Objects instead of Maps, as an event is stored. */
function plain(value: unknown): unknown {
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...(value as Members)].map(([name, item]) => [name, plain(item)]));
}

function auditedOf(change: DirectoryChange): { names: Names; before?: Audited; after: Audited } {
  if ('realm' in change) {
    const { realm, before } = change;
    const names: Names = { kind: 'realm', realm: realm.path };
    return { names, before: before && auditedRealm(before), after: auditedRealm(realm) };
  }
  if ('client' in change) {
    const { client, before } = change;
    const names: Names = { kind: 'client', realm: client.realm, name: client.clientId };
    return { names, before: before && auditedClient(before), after: auditedClient(client) };
  }
  const { resourceOwner, before } = change;
  const names: Names = { kind: 'user', realm: resourceOwner.realm, name: resourceOwner.username };
  return { names, before: before && auditedUser(before), after: auditedUser(resourceOwner) };
}

function auditedRealm(realm: Registration<Realm>): Audited {
  return { members: toldMembers(toMembers('realm', realm)), hashes: {}, enabled: realm.enabled };
}

function auditedUser(user: Registration<ResourceOwner>): Audited {
  const members = toldMembers(toMembers('user', user));
  return { members, hashes: { password: user.passwordHash }, enabled: user.enabled };
}

function auditedClient(client: Registration<Client>): Audited {
  const members = toldMembers(toMembers('client', client));
  return { members, hashes: { client_secret: client.secretHash }, enabled: client.enabled, secrets: client };
}

/** The name, which comes first, and `enabled` are told by other means. */
function toldMembers([, ...others]: Members): Members {
  return new Map(others.filter(([member]) => member !== 'enabled'));
}
