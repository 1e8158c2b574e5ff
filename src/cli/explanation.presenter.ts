import type { DialectAnswers, EpochThenAndNow, ExplainedToken, Explanation } from '../domain/explanation.js';
import type { RefusalExplanation } from '../domain/refusal-explainer.js';
import { formatScope } from '../domain/scope.js';
import { printable, printableJson } from './terminal.js';

/** A row of a table: undefined values are left out. */
type Row = readonly [name: string, value: string | undefined];

/** An explanation for a person: verdict, reasons and hint, the token, and the answers of the dialects. */
export function explanationLines({
  verdict,
  reason,
  sentences,
  hint,
  id,
  token,
  answers,
}: Explanation): string[] {
  return [
    reason === undefined ? verdict : `${verdict}: ${reason}`,
    ...sentences.map(printable),
    ...(hint === undefined ? [] : [hint]),
    '',
    ...table([['identifier', id], ...(token ? tokenRows(token) : [])]),
    '',
    'What resource servers are told now:',
    ...answerLines(answers),
  ];
}

/** A refused request for a person. */
export function refusalLines({ refusal, sentences, hint, token }: RefusalExplanation): string[] {
  const { at, method, route, status, realm, client, reason, error } = refusal;
  return [
    `refused: ${reason ?? error ?? status}`,
    ...sentences.map(printable),
    ...(hint === undefined ? [] : [hint]),
    '',
    ...table([
      ['time', isoTime(at)],
      ['request', `${method} ${route}`],
      ['status', String(status)],
      ['realm', realm || undefined],
      ['client', client || undefined],
    ]),
    ...(token ? ['', 'The token now:', ...explanationLines(token)] : []),
  ];
}

function tokenRows({ kind, start, realm, clientId, ...token }: ExplainedToken): Row[] {
  const { realm: ofRealm, client: ofClient, user: ofUser } = token.epochs;
  return [
    ['token', `${kind} token${start === undefined ? '' : ` ${start}…`}`],
    ['realm', realm],
    ['client', clientId],
    ['user', token.username],
    ['scope', formatScope(token.scope)],
    ['grant', token.grantType],
    ['issued', isoTime(token.issuedAt)],
    ['expires', isoTime(token.expiresAt)],
    ['first used', token.usedAt === undefined ? undefined : isoTime(token.usedAt)],
    ['family', token.family],
    [
      'epochs',
      [epoch('realm', ofRealm), epoch('client', ofClient), epoch('user', ofUser)].filter(Boolean).join(', '),
    ],
  ];
}

function epoch(subject: string, epochs: EpochThenAndNow | undefined): string {
  if (!epochs) return '';
  const { then, now } = epochs;
  return then === now ? `${subject} ${then}` : `${subject} ${then}, now ${now ?? 'gone'}`;
}

function answerLines(answers: DialectAnswers): string[] {
  return Object.entries(answers).flatMap(([dialect, { status, headers, body }]) => {
    const challenge = headers['WWW-Authenticate'];
    return [
      `  ${dialect.padEnd(10)} ${status} ${printableJson(body)}`,
      ...(challenge === undefined ? [] : [`${' '.repeat(13)}WWW-Authenticate: ${printable(challenge)}`]),
    ];
  });
}

function table(rows: readonly Row[]): string[] {
  return rows.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name.padEnd(12)}${printable(value)}`],
  );
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
