import type { DialectAnswers, ExplainedToken, Explanation } from '../domain/explanation.js';
import type { RefusalExplanation } from '../domain/refusal-explainer.js';
import type { Refusal } from '../domain/refusal.js';
import { isoTime } from './iso-time.js';

/** An explanation as the wire has it: snake_case, times in ISO 8601. What is undefined is left out of JSON. */
export function explanationMembers(explanation: Explanation): Readonly<Record<string, unknown>> {
  const { verdict, reason, since, by, sentences, hint, id, token, nodeAgrees, answers } = explanation;
  return {
    verdict,
    reason,
    since: isoTime(since),
    by,
    sentences,
    hint,
    id,
    token: token && tokenMembers(token),
    node_agrees: nodeAgrees,
    answers: answerMembers(answers),
  };
}

/** A refusal and why it was, as the wire has it. */
export function refusalExplanationMembers(
  explanation: RefusalExplanation,
): Readonly<Record<string, unknown>> {
  const { refusal, sentences, hint, token } = explanation;
  return { ...refusalMembers(refusal), sentences, hint, token: token && explanationMembers(token) };
}

/** A refusal as the wire has it. */
export function refusalMembers({ at, tokenId, ...refusal }: Refusal): Readonly<Record<string, unknown>> {
  const { id, route, method, status, realm, client, reason, error, detail } = refusal;
  return {
    id,
    at: isoTime(at),
    route,
    method,
    status,
    realm: realm || undefined,
    client: client || undefined,
    reason,
    error,
    detail,
    token_id: tokenId,
  };
}

function tokenMembers(token: ExplainedToken): Readonly<Record<string, unknown>> {
  const { start, kind, realm, clientId, username, scope, grantType, family, epochs } = token;
  return {
    start,
    kind,
    realm,
    client_id: clientId,
    username,
    scope,
    grant_type: grantType,
    issued_at: isoTime(token.issuedAt),
    expires_at: isoTime(token.expiresAt),
    used_at: isoTime(token.usedAt),
    family,
    epochs,
  };
}

function answerMembers(answers: DialectAnswers): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(answers).map(([dialect, { status, reason, headers, body }]) => [
      dialect,
      { status, reason, headers, body },
    ]),
  );
}
