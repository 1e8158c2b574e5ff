import { type AccessTokenStore, hashToken } from './access-token.js';
import type { Actor } from './audit.js';
import type { AdministrationRight, Client } from './client.js';
import type { Clock } from './clock.js';
import type { Directory } from './directory.js';
import type { DirectoryWriter, Registration } from './directory-writer.js';
import type { Realm } from './realm.js';
import type { Scope } from './scope.js';
import type { TokenCodec } from './token-codec.js';
import { endAfter } from './token-time.js';

/** The client that admin tokens are issued to, one in each realm that has had a token. */
export const adminClientId = 'symbolon-admin';

/** The longest lifetime of an admin token, in seconds: 30 days. */
export const maxAdminTokenLifetime = 2_592_000;

/** What an admin token lets its holder do: look, or look and change. */
export type AdminTokenRight = Exclude<AdministrationRight, 'none'>;

const scopes: Readonly<Record<AdminTokenRight, string>> = { read: 'admin:read', write: 'admin' };

/** A token to issue. */
export interface AdminTokenRequest {
  /** Path of the realm that its holder may see and change, with those below. */
  readonly realm: string;
  readonly right: AdminTokenRight;
  /** Whole seconds, `maxAdminTokenLifetime` at most. */
  readonly lifetime: number;
  /** Who asks for it, for the audit events. */
  readonly actor: Actor;
}

/** An admin token as it was issued. */
export interface AdminToken {
  /** Is shown once, and not kept. */
  readonly value: string;
  /** Its SHA-256 in base64url. */
  readonly id: string;
  readonly realm: string;
  readonly scope: Scope;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** An admin token was refused. The message is written for the operator, and says what to do. */
export class AdminTokenRefused extends Error {
  constructor(reason: string) {
    super(`no admin token: ${reason}`);
    this.name = 'AdminTokenRefused';
  }
}

/** The most writes that are tried; another one is needed when somebody else changed the directory meanwhile. */
const maxWrites = 5;

/**
 * Issues tokens for the operator's listener, to whoever has the credentials of the database: without the first one
 * nobody could get another.
 */
export class AdminTokenIssuer {
  /** @param directory must return at once what the writer has written, so it must not be cached */
  constructor(
    private readonly directory: Directory,
    private readonly writer: DirectoryWriter,
    private readonly accessTokens: AccessTokenStore,
    private readonly codec: TokenCodec,
    private readonly clock: Clock,
  ) {}

  /**
   * Issues a token, with its audit event, and registers its client in the realm if it is missing.
   * @throws AdminTokenRefused with no token issued
   * @throws StoreUnavailable when the token cannot be stored
   * @throws Error when somebody else changed the directory during each of `maxWrites` writes
   */
  async issue({ realm: path, right, lifetime, actor }: AdminTokenRequest): Promise<AdminToken> {
    const { realm, client } = await this.subjects(path, actor);
    refuseUnfit(client, right, lifetime);
    await this.codec.reload();
    const value = this.codec.mint('sya_');
    const hash = hashToken(value);
    const id = hash.toString('base64url');
    const issuedAt = this.clock.now();
    const expiresAt = endAfter(issuedAt, lifetime);
    const scope = [scopes[right]];
    const token = {
      hash,
      realm: path,
      clientId: adminClientId,
      scope,
      grantType: 'admin_token',
      authLevel: 0,
      issuedAt,
      expiresAt,
      epochs: { realm: realm.epoch, client: client.epoch },
    };
    await this.accessTokens.insert(token, {
      at: issuedAt,
      actor,
      action: 'admin_token.issued',
      realm: path,
      name: adminClientId,
      tokenId: id,
      changes: { scope, expires_at: new Date(expiresAt).toISOString() },
    });
    return { value, id, realm: path, scope, expiresAt };
  }

  /** The realm and its admin client, registered now if it is missing. */
  private async subjects(path: string, actor: Actor): Promise<{ realm: Realm; client: Client }> {
    for (let writes = 0; ; writes++) {
      const realm = await this.directory.findRealm(path);
      if (!realm) {
        throw new AdminTokenRefused(`there is no realm ${path}; apply a configuration file that has it`);
      }
      if (!realm.enabled) throw new AdminTokenRefused(`the realm ${path} is disabled; enable it`);
      const client = await this.directory.findClient(path, adminClientId);
      if (client) return { realm, client };
      if (writes === maxWrites) {
        throw new Error(
          `The directory changed during each of ${maxWrites} writes; no admin token was issued.`,
        );
      }
      // Whether this call adds the client or another one has done so meanwhile, the next look finds it.
      const change = { effect: 'add', client: adminClient(path) } as const;
      await this.writer.write(change, { actor, at: this.clock.now() });
    }
  }
}

function refuseUnfit(client: Client, right: AdminTokenRight, lifetime: number): void {
  const name = `the client ${adminClientId} of the realm ${client.realm}`;
  if (!client.enabled) throw new AdminTokenRefused(`${name} is disabled; enable it`);
  if (client.administer !== 'write' && client.administer !== right) {
    const wanted = right === 'read' ? 'read or write' : 'write, or ask for a token that may only read';
    throw new AdminTokenRefused(`${name} has administer: ${client.administer}; make it ${wanted}`);
  }
  // A key is kept as long as registered lifetimes need it: a token must not outlive the key that tags it.
  if (lifetime > client.accessTokenLifetime) {
    const registered = `access_token_lifetime: ${client.accessTokenLifetime}`;
    throw new AdminTokenRefused(`${name} has ${registered}; raise it, or ask for a shorter time`);
  }
}

/** It has no secret and no grants: nobody can get a token for it at the token endpoint. */
function adminClient(realm: string): Registration<Client> {
  return {
    realm,
    clientId: adminClientId,
    type: 'confidential',
    grantTypes: [],
    redirectUris: [],
    insecureRedirectUris: false,
    pkce: 'required',
    consent: 'ask',
    origins: [],
    scopes: [scopes.write, scopes.read],
    defaultScopes: [],
    accessTokenLifetime: maxAdminTokenLifetime,
    // These lifetimes are those of a configuration file that leaves them out.
    refreshTokenLifetime: 43_200,
    refreshTokenMaxLifetime: 2_592_000,
    refresh: { successor: 'new', graceful: false },
    introspect: 'own',
    administer: 'write',
    lenientAuthentication: false,
    additionalInformation: [],
    copiedParameters: [],
    attributes: new Map(),
    enabled: true,
  };
}
