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

/** The members of a subject by their names in `symbolon.yaml`. */
type Members = Readonly<Record<string, unknown>>;

/** A subject as the audit log sees it. */
interface Audited {
  readonly shown: Members;
  /** Members of which only is recorded that they changed: they may hold secrets or personal data. */
  readonly hidden: Members;
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
  for (const name of withOwnAction) {
    if (before.hidden[name] !== after.hidden[name]) Object.assign(changes, { [name]: 'changed' });
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
  if (before.hidden.password !== after.hidden.password) actions.push({ action: 'user.password_changed' });
  return actions;
}

/** Members that are recorded by an action of their own. */
const withOwnAction = new Set(['client_secret', 'password']);

function differences(before: Audited | undefined, after: Audited): AuditChanges {
  const changes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(after.shown)) {
    const old = before?.shown[name];
    if (!isSame(old, value))
      changes[name] = before ? { old: old ?? null, new: value ?? null } : { new: value };
  }
  for (const [name, value] of Object.entries(after.hidden)) {
    if (!withOwnAction.has(name) && before && !isSame(before.hidden[name], value)) changes[name] = 'changed';
  }
  return changes;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
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

function auditedRealm({ authLevel, usernames, pages, enabled }: Registration<Realm>): Audited {
  const { name, accent, scopes } = pages;
  const set = name !== undefined || accent !== undefined || scopes.size > 0;
  const shownPages = set ? { name, accent, scopes: Object.fromEntries(scopes) } : undefined;
  return { shown: { auth_level: authLevel, usernames, pages: shownPages }, hidden: {}, enabled };
}

function auditedUser({ passwordHash, attributes, enabled }: Registration<ResourceOwner>): Audited {
  return { shown: {}, hidden: { password: passwordHash, attributes: [...attributes] }, enabled };
}

function auditedClient(client: Registration<Client>): Audited {
  return {
    shown: {
      client_type: client.type,
      client_name: client.name,
      description: client.description,
      contact_email: client.contactEmail,
      application: client.application,
      grant_types: client.grantTypes,
      redirect_uris: client.redirectUris,
      insecure_redirect_uris: client.insecureRedirectUris,
      pkce: client.pkce,
      consent: client.consent,
      origins: client.origins,
      scopes: client.scopes,
      default_scopes: client.defaultScopes,
      access_token_lifetime: client.accessTokenLifetime,
      refresh_token_lifetime: client.refreshTokenLifetime,
      refresh_token_max_lifetime: client.refreshTokenMaxLifetime,
      refresh: client.refresh.successor,
      refresh_retry: client.refresh.graceful ? 'graceful' : 'strict',
      introspect: client.introspect,
      administer: client.administer,
      lenient_authentication: client.lenientAuthentication,
      additional_parameters: client.copiedParameters,
    },
    hidden: {
      client_secret: client.secretHash,
      additional_information: client.additionalInformation,
      attributes: [...client.attributes],
    },
    enabled: client.enabled,
    secrets: client,
  };
}
