import { type AccessTokenStore, hashToken } from './access-token.js';
import type { Client } from './client.js';
import type { Clock } from './clock.js';
import type { Directory } from './directory.js';
import type { DialectPresenters, ExplainedToken, Explanation, NamedRealm, Question } from './explanation.js';
import { sentencesOf, type TokenForm } from './explanation-sentences.js';
import { type InactiveCauses, stateOf } from './inactive-cause.js';
import { inactive } from './inactive.js';
import { isWithin } from './page.js';
import type { Realm } from './realm.js';
import { reasonTexts } from './reason-texts.js';
import { inspectStored, type StoredToken, type StoredTokens } from './stored-token.js';
import type { TokenChecker } from './token-checker.js';
import { hasOwnForm, type TokenCodec } from './token-codec.js';
import type { Inspection } from './token.service.js';

/** What this node answers requests from: a store and a directory that may be cached. */
export interface NodeView {
  readonly accessTokens: AccessTokenStore;
  readonly checker: TokenChecker;
}

/** A client that is to introspect. */
interface Caller {
  readonly realm: NamedRealm;
  /** Undefined where it cannot be authenticated. */
  readonly client?: Client;
  /** Why it cannot be authenticated. */
  readonly problem?: string;
}

/** Explains what the server thinks of a token, why, and what each dialect answers now. It reads the database. */
export class TokenExplainer {
  /**
   * @param directory without a cache
   * @param node undefined for a process without a cache
   */
  constructor(
    private readonly tokens: StoredTokens,
    private readonly causes: InactiveCauses,
    private readonly directory: Directory,
    private readonly codec: TokenCodec,
    private readonly clock: Clock,
    private readonly dialects: DialectPresenters,
    private readonly node?: NodeView,
  ) {}

  /** @throws StoreUnavailable */
  async explain(question: Question): Promise<Explanation> {
    const { about, within } = question;
    const hash = 'token' in about ? hashToken(about.token) : Buffer.from(about.id, 'base64url');
    const mismatch = this.mismatch(about);
    const stored = mismatch ? undefined : await this.tokens.find(hash, within);
    const inspect = (inRealms: (path: string) => boolean): Inspection =>
      stored ? inspectStored(stored, inRealms) : inactive[mismatch ?? 'not_found'];
    const realm = await this.named(question.realm);
    const caller = await this.caller(question);
    const start = startOf(about);
    const answers = this.dialects.answers(inspect, { masked: `${start ?? ''}…`, realm, caller });
    const inspection = inspect(() => true);
    const now = this.clock.now();
    const state = stored && stateOf(stored);
    const cause = stored && state ? await this.causes.of(stored, state) : {};
    const reason =
      (realm && answers.forgerock.reason) ??
      (caller && answers.rfc7662.reason) ??
      (inspection.status === 'active' ? undefined : inspection.reason);
    const form = formOf(about);
    return {
      verdict: reason === undefined ? 'active' : 'inactive',
      reason,
      since: cause.since,
      by: cause.by,
      sentences: sentencesOf({ question, stored, form, reason, state, cause, caller, answers, now }),
      hint: reason && reasonTexts[reason].hint,
      id: stored || form !== 'foreign' ? hash.toString('base64url') : undefined,
      token: stored && explained(stored, start),
      nodeAgrees: await this.nodeAgrees(hash, stored, inspection),
      answers,
    };
  }

  /** Why the value is not looked up; a refresh token is, although no resource server may present one. */
  private mismatch(about: Question['about']): 'foreign_form' | 'forged' | undefined {
    const mismatch = 'token' in about ? this.codec.mismatch(about.token, 'sya_') : undefined;
    return mismatch === 'other_kind' ? undefined : mismatch;
  }

  private async named(path: string | undefined): Promise<NamedRealm | undefined> {
    if (path === undefined) return undefined;
    return { path, exists: (await this.directory.findRealm(path)) !== undefined };
  }

  /** The client of the question, by the checks of the client authenticator; one outside the asker's realms is unknown. */
  private async caller({ caller, within }: Question): Promise<Caller | undefined> {
    if (!caller) return undefined;
    const [found, registered] = await Promise.all([
      this.directory.findRealm(caller.realm),
      this.directory.findClient(caller.realm, caller.clientId),
    ]);
    const realm = { path: caller.realm, exists: found !== undefined };
    const client = isWithin(caller.realm, within) ? registered : undefined;
    const problem = found ? callerProblem(found, client) : 'its realm does not exist';
    return problem === undefined ? { realm, client } : { realm, problem };
  }

  private async nodeAgrees(
    hash: Buffer,
    stored: StoredToken | undefined,
    inspection: Inspection,
  ): Promise<boolean | undefined> {
    if (!this.node || stored?.kind !== 'access') return undefined;
    const { accessTokens, checker } = this.node;
    const token = await accessTokens.find(hash);
    const { status } = token ? await checker.check(token) : inactive.not_found;
    return status === inspection.status;
  }
}

function callerProblem(realm: Realm, client: Client | undefined): string | undefined {
  if (!client) return 'it is unknown';
  if (!client.enabled) return 'it is disabled';
  if (!realm.enabled) return 'its realm is disabled';
  return client.type === 'public' ? 'it is a public client, which cannot be authenticated' : undefined;
}

/** The first 8 characters of a value of our own form: any other may be short, or a password. */
function startOf(about: Question['about']): string | undefined {
  return 'token' in about && hasOwnForm(about.token) ? about.token.slice(0, 8) : undefined;
}

/** By what the tokens of our own form begin with. */
const formsByPrefix: Readonly<Record<string, TokenForm>> = {
  sya_: 'access',
  syr_: 'refresh',
  syc_: 'code',
  sys_: 'session',
};

function formOf(about: Question['about']): TokenForm {
  if ('id' in about) return 'id';
  if (!hasOwnForm(about.token)) return 'foreign';
  return formsByPrefix[about.token.slice(0, 4)];
}

function explained({ kind, token, subjects }: StoredToken, start: string | undefined): ExplainedToken {
  const { realm, clientId, username, scope, issuedAt, expiresAt, family, epochs } = token;
  const user = { then: epochs.resourceOwner ?? 0, now: subjects.resourceOwner?.epoch };
  return {
    start,
    kind,
    realm,
    clientId,
    username,
    scope,
    issuedAt,
    expiresAt,
    family,
    grantType: 'grantType' in token ? token.grantType : undefined,
    usedAt: 'usedAt' in token ? token.usedAt : undefined,
    epochs: {
      realm: { then: epochs.realm, now: subjects.realm?.epoch },
      client: { then: epochs.client, now: subjects.client?.epoch },
      user: username === undefined ? undefined : user,
    },
  };
}
