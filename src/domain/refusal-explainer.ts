import type { Explanation, Question } from './explanation.js';
import type { RefusalReason } from './inactive.js';
import { isWithin } from './page.js';
import { reasonTexts } from './reason-texts.js';
import type { Refusal, RefusalLog } from './refusal.js';
import type { TokenExplainer } from './token-explainer.js';

/** Why a request was refused. */
export interface RefusalExplanation {
  readonly refusal: Refusal;
  /** In plain English, for a person. */
  readonly sentences: readonly string[];
  /** What to do; undefined where there is no more to say than the sentences. */
  readonly hint?: string;
  /** What the server thinks now of the token that the request presented; undefined for none of ours. */
  readonly token?: Explanation;
}

/** Explains refused requests by their correlation ids. */
export class RefusalExplainer {
  constructor(
    private readonly refusals: RefusalLog,
    private readonly tokens: TokenExplainer,
  ) {}

  /**
   * @param id the correlation id of the answer
   * @param within path of the asker's realm: a refusal of another realm is not found; `/` for all
   * @returns undefined where no such refusal is kept
   * @throws StoreUnavailable
   */
  async explain(id: string, within: string): Promise<RefusalExplanation | undefined> {
    const refusal = await this.refusals.find(id);
    if (!refusal || !isWithin(refusal.realm, within)) return undefined;
    const { reason, tokenId } = refusal;
    return {
      refusal,
      sentences: sentencesOf(refusal),
      hint: reason ? reasonTexts[reason].hint : errorHints.get(refusal.error ?? ''),
      token:
        tokenId === undefined ? undefined : await this.tokens.explain(questionOf(refusal, tokenId, within)),
    };
  }
}

/** What to do about an error that has no reason of its own, by its code. */
const errorHints: ReadonlyMap<string, string> = new Map([
  ['invalid_client', "Check the client's identifier and secret, and the realm that it is registered in."],
  ['invalid_grant', 'Check the name and password of the user, or let the user sign in again.'],
  ['invalid_scope', "Request scopes that are in the client's scopes, or register default_scopes for it."],
  [
    'invalid_request',
    "A parameter is missing, is too long or may not be sent: see the answer's error_description.",
  ],
  [
    'unauthorized_client',
    "Add the grant type to the client's grant_types, which a public client cannot always use.",
  ],
  ['unsupported_grant_type', 'Use a grant type that the metadata of the server lists.'],
  ['invalid_token', 'Send a bearer token that is active in the realm of the request.'],
  ['insufficient_scope', 'Send a bearer token that has the scope for this endpoint.'],
]);

/** The same question once more: the realm and the client of the request matter where they were the reason. */
function questionOf(refusal: Refusal, tokenId: string, within: string): Question {
  const { reason, realm, client } = refusal;
  return {
    about: { id: tokenId },
    within,
    realm: reason === 'other_realm' && realm !== '' ? realm : undefined,
    caller: reason === 'not_permitted' ? { realm, clientId: client } : undefined,
  };
}

/** Reasons whose detail says more than the reason does. */
const detailed: ReadonlySet<RefusalReason> = new Set(['malformed_request', 'refresh_reuse']);

function sentencesOf({ reason, error, detail }: Refusal): string[] {
  const code = error === undefined ? 'The request was refused' : `The request was refused with ${error}`;
  if (reason === undefined) return [detail === undefined ? `${code}.` : `${code}: ${detail}.`];
  const { text } = reasonTexts[reason];
  return detail !== undefined && detailed.has(reason) ? [text, `In detail: ${detail}.`] : [text];
}
