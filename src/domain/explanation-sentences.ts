import type { Client } from './client.js';
import type { DialectAnswers, Question } from './explanation.js';
import type { InactiveCause } from './inactive-cause.js';
import type { InactiveReason, RefusalReason } from './inactive.js';
import { reasonTexts } from './reason-texts.js';
import { activeSentence, refreshSentence, stateSentence } from './state-sentences.js';
import type { StoredToken } from './stored-token.js';

/** What is known of a token, and of the request that presents it. */
export interface Findings {
  readonly question: Question;
  /** Undefined for a token that is not stored, or not for the person who asks. */
  readonly stored?: StoredToken;
  /** What is known of the value's form. */
  readonly form: TokenForm;
  /** Why the request gets no active token; undefined where it does. */
  readonly reason?: RefusalReason;
  /** Why the stored token is not active, whatever the request is about. */
  readonly state?: InactiveReason;
  /** When and by whom it came into that state. */
  readonly cause: InactiveCause;
  /** The client of the question, or why it cannot be authenticated. */
  readonly caller?: { readonly client?: Client; readonly problem?: string };
  readonly answers: DialectAnswers;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The form of a token's value; `id` where only its identifier is known. */
export type TokenForm = 'id' | 'access' | 'refresh' | 'code' | 'session' | 'foreign';

/** Tells the findings: first why the request gets no active token, then what else is true of the token. */
export function sentencesOf(findings: Findings): string[] {
  const { stored, reason, state, cause, now, question, caller, answers } = findings;
  const sentences: string[] = [];
  if (answers.forgerock.reason === 'no_such_realm') sentences.push(reasonTexts.no_such_realm.text);
  if (caller?.problem !== undefined) sentences.push(`The client cannot introspect: ${caller.problem}.`);
  if (!stored) return [...sentences, absentSentence(findings)];
  if (reason === 'other_realm') sentences.push(otherRealmSentence(stored, question));
  if (caller?.client && answers.rfc7662.reason === 'not_permitted') {
    sentences.push(notPermittedSentence(stored, caller.client));
  }
  if (stored.kind === 'refresh') sentences.push(familySentence(stored.token.family));
  if (state) sentences.push(stateSentence(stored, state, cause, now));
  else sentences.push(goodSentence(stored, now));
  return [...sentences, ...axwaySentences(findings, stored)];
}

function goodSentence({ kind, token }: StoredToken, now: number): string {
  return kind === 'refresh'
    ? refreshSentence(token.usedAt, token.expiresAt)
    : activeSentence(token.expiresAt, now);
}

function familySentence(family: string): string {
  return `It is a refresh token of the family ${family}: resource servers take access tokens only.`;
}

function otherRealmSentence({ token }: StoredToken, { realm }: Question): string {
  return `It belongs to the realm ${token.realm}; the request was about ${realm}.`;
}

function notPermittedSentence({ token }: StoredToken, caller: Client): string {
  const who = `The client ${caller.clientId} of the realm ${caller.realm}`;
  const seen = caller.introspect === 'realm' ? 'the tokens of its realm' : 'its own tokens';
  const owner = `the client ${token.clientId} of the realm ${token.realm}`;
  return `${who} may introspect only ${seen} (introspect: ${caller.introspect}); this one belongs to ${owner}.`;
}

/** Axway's flavour may serve fewer realms than the others. */
function axwaySentences({ answers, state }: Findings, { token }: StoredToken): string[] {
  if (state !== undefined || answers.axway.reason !== 'other_realm') return [];
  return [`Axway's token information does not answer for the realm ${token.realm} (AXWAY_REALMS).`];
}

/**
 * A token that is not stored in the realms of the person who asks. The sentence depends on the question and on the
 * keys alone, so it does not tell whether the token exists elsewhere.
 */
function absentSentence({ form, reason, question: { within } }: Findings): string {
  if (reason === 'foreign_form' || reason === 'forged') return reasonTexts[reason].text;
  const where = within === '/' ? 'here' : `in the realm ${within} or below it`;
  const rest = `was never issued ${where}, or was purged after it had expired.`;
  switch (form) {
    case 'id':
      return `A token with this identifier ${rest}`;
    case 'foreign':
      return `A token of this value was never imported ${where}, or was purged after it had expired.`;
    case 'refresh':
      return `It has the form of this server's refresh tokens, but ${rest}`;
    case 'code':
      return `It has the form of an authorization code: resource servers take access tokens only.`;
    case 'session':
      return `It has the form of a browser's session: resource servers take access tokens only.`;
    case 'access':
      return `It has the form of this server's tokens, but ${rest}`;
  }
}
