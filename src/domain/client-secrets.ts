import { createHash } from 'node:crypto';
import type { Actor } from './audit.js';
import { canonicalJson } from './canonical-json.js';
import type { Client } from './client.js';
import type { Clock } from './clock.js';
import type { DirectoryChange, DirectoryWriter } from './directory-writer.js';
import type { PasswordForms } from './password-forms.js';
import { generateSecret, hashGeneratedSecret, isGeneratedSecretHash } from './secret.js';
import { SecretRefused } from './secret-refusal.js';

/** How long the old secret is accepted beside a new one, in seconds: as a rule, and at most. */
export const defaultOverlap = 86_400;
export const maxOverlap = 30 * 86_400;

/** How long a secret that has ended is listed, with its last use, and its hash kept; in milliseconds. */
export const endedSecretKeptMs = 7 * 86_400_000;

/** When a secret was made and used, in milliseconds since 1970; undefined where it is not known, or was not used. */
export interface SecretTimes {
  readonly createdAt?: number;
  /** To the minute. */
  readonly lastUsedAt?: number;
}

/** A client as it is stored, with the times of its secrets. */
export interface ClientSecretRecord {
  readonly client: Client;
  readonly current: SecretTimes;
  readonly previous: SecretTimes;
}

/** The secrets of clients as they are stored. It bypasses every cache. */
export abstract class ClientSecretRecords {
  /**
   * Undefined where there is no such client.
   * @throws StoreUnavailable
   */
  abstract find(realm: string, clientId: string): Promise<ClientSecretRecord | undefined>;
}

/** One of a client's secrets: the `current` one, or the `previous` one that it has replaced. */
export interface ClientSecret extends SecretTimes {
  readonly id: 'current' | 'previous';
  /** The first moment at which it is no longer accepted, in milliseconds since 1970; undefined for the current one. */
  readonly until?: number;
  /** `ending`: accepted until `until`. `ended`: no longer accepted. */
  readonly state: 'active' | 'ending' | 'ended';
}

/** The secrets of a client, and their version: another one after each change of them, whenever they are used. */
export interface ClientSecretList {
  readonly client: Client;
  readonly secrets: readonly ClientSecret[];
  readonly version: string;
}

/** Which client's secrets are to be changed. */
export interface SecretChange {
  /** Path of the realm. */
  readonly realm: string;
  readonly clientId: string;
  /** The version that the change is meant for; undefined for any. */
  readonly version?: string;
  /** Who makes the change, for the audit event. */
  readonly actor: Actor;
  /** Whether the actor may change this client's secrets: whoever knows one acts as the client. */
  readonly mayChange?: (client: Client) => boolean;
}

/** A secret that was made. It is shown once, and not kept. */
export interface NewClientSecret extends ClientSecretList {
  readonly value: string;
}

/** How often a change is tried, when others change the same client meanwhile. */
const maxTries = 5;

/** Lists the secrets of a client, and renews them: no change of secrets ends a token. */
export class ClientSecrets {
  constructor(
    private readonly records: ClientSecretRecords,
    private readonly writer: DirectoryWriter,
    private readonly forms: PasswordForms,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws SecretRefused `missing`
   * @throws StoreUnavailable
   */
  async list(realm: string, clientId: string): Promise<ClientSecretList> {
    return this.listOf(await this.recordOf(realm, clientId));
  }

  /**
   * Gives a client a generated secret. The one that it had is accepted for some time more.
   * @param overlap that time, in whole seconds up to `maxOverlap`; after 0 it has ended
   * @throws SecretRefused
   * @throws StoreUnavailable
   */
  async rotate(change: SecretChange, overlap: number): Promise<NewClientSecret> {
    const value = generateSecret();
    const list = await this.change(change, async ({ client, current }, at) => {
      if (client.type === 'public') throw new SecretRefused('public');
      const { secretHash: old, previousSecret } = client;
      if (previousSecret && at < previousSecret.until) throw new SecretRefused('two');
      const kept =
        old !== undefined && overlap > 0
          ? { hash: await this.keptForm(old), until: at + overlap * 1000 }
          : undefined;
      const secretHash = hashGeneratedSecret(value);
      return {
        client: { ...client, secretHash, importedHash: undefined, previousSecret: kept },
        current: { createdAt: at },
        previous: current,
      };
    });
    return { ...list, value };
  }

  /**
   * Ends the previous secret of a client at once.
   * @throws SecretRefused
   * @throws StoreUnavailable
   */
  end(change: SecretChange, id: string): Promise<ClientSecretList> {
    return this.change(change, async ({ client, current }) => {
      const known =
        id === 'previous' ? client.previousSecret : id === 'current' ? client.secretHash : undefined;
      if (known === undefined) throw new SecretRefused('missing');
      if (id === 'current') throw new SecretRefused('current');
      return { client: { ...client, previousSecret: undefined }, current, previous: {} };
    });
  }

  /** @param changed what a record is to be after the change */
  private async change(
    { realm, clientId, version, actor, mayChange = () => true }: SecretChange,
    changed: (record: ClientSecretRecord, at: number) => Promise<ClientSecretRecord>,
  ): Promise<ClientSecretList> {
    let first: string | undefined;
    for (let tries = 0; tries < maxTries; tries += 1) {
      const record = await this.recordOf(realm, clientId);
      const { client: before } = record;
      const found = versionOfSecrets(before);
      if (!mayChange(before)) throw new SecretRefused('forbidden');
      if (version !== undefined && version !== found) throw new SecretRefused('stale', found);
      // Whoever was quicker has been shown a secret, which must not end unused.
      if (found !== (first ??= found)) throw new SecretRefused('changed');
      const at = this.clock.now();
      const after = await changed(record, at);
      const change: DirectoryChange = { effect: 'update', client: after.client, before };
      if (await this.writer.write(change, { actor, at })) return this.listOf(after);
    }
    throw new SecretRefused('changed');
  }

  private async recordOf(realm: string, clientId: string): Promise<ClientSecretRecord> {
    const record = await this.records.find(realm, clientId);
    if (!record) throw new SecretRefused('missing');
    return record;
  }

  /** An imported hash that is quick to guess is kept wrapped, as it would be in time. */
  private async keptForm(stored: string): Promise<string> {
    const hash = this.forms.read(stored);
    return hash?.fast && !hash.wrapped ? this.forms.wrap(hash) : stored;
  }

  private listOf({ client, current, previous }: ClientSecretRecord): ClientSecretList {
    const secrets: ClientSecret[] = [];
    if (client.secretHash !== undefined) secrets.push({ id: 'current', ...current, state: 'active' });
    if (client.previousSecret) {
      const { until } = client.previousSecret;
      const state = this.clock.now() < until ? 'ending' : 'ended';
      secrets.push({ id: 'previous', ...previous, until, state });
    }
    return { client, secrets, version: versionOfSecrets(client) };
  }
}

/** A sign-in may replace the hash of a secret that was not generated; the epoch, which another secret changes, stands for it. */
function versionOfSecrets({ secretHash, previousSecret, epoch }: Client): string {
  const generated = secretHash !== undefined && isGeneratedSecretHash(secretHash);
  const content = canonicalJson([generated ? secretHash : epoch, previousSecret]);
  return createHash('sha256').update(content).digest().subarray(0, 16).toString('base64url');
}
