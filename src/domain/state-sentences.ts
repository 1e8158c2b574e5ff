import type { Doer } from './explanation.js';
import type { SubjectKind } from './audit.js';
import type { InactiveCause } from './inactive-cause.js';
import type { InactiveReason } from './inactive.js';
import type { StoredToken } from './stored-token.js';
import { secondsLeft } from './token-time.js';

/** Ends a sentence where no audit event is known. */
const unknownTime = 'it is not known when';

/** `2026-01-01T00:00:00Z` */
export function isoTime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** A length of time in the largest whole unit: `12 minutes`. */
function duration(milliseconds: number): string {
  const [unit, length] = units.find(([, ms]) => milliseconds >= ms) ?? units[3];
  const count = Math.floor(milliseconds / length);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** An active token. */
export function activeSentence(expiresAt: number, now: number): string {
  const left = duration(secondsLeft(expiresAt, now) * 1000);
  return `The token is active; it expires in ${left}, at ${isoTime(expiresAt)}.`;
}

/** A token's own state: why it is not active, when and by whom it was ended. */
export function stateSentence(
  stored: StoredToken,
  reason: InactiveReason,
  cause: InactiveCause,
  now: number,
): string {
  if (reason === 'expired') {
    const { expiresAt } = stored.token;
    return `The token expired ${duration(Math.max(0, now - expiresAt))} ago, at ${isoTime(expiresAt)}.`;
  }
  if (reason === 'revoked') return revokedSentence(cause);
  const kind = /^(?:realm|client|user)/.exec(reason)?.[0] as SubjectKind;
  const subject = subjectOf(stored, kind);
  if (reason.endsWith('_disabled')) return changed(subject, 'was disabled', 'is disabled', cause);
  if (reason.endsWith('_gone')) return changed(subject, 'was deleted', 'no longer exists', cause);
  return endedSentence(subject, kind, cause);
}

function revokedSentence({ since, by, withFamily }: InactiveCause): string {
  const family = withFamily ? ' together with its family' : '';
  if (since === undefined && by === undefined) {
    return `It was revoked${family}; ${unknownTime}, and by whom.`;
  }
  const at = since === undefined ? '' : ` at ${isoTime(since)}`;
  const when = since === undefined ? `; ${unknownTime}` : '';
  return `It was revoked${at}${family}${by ? revoker(by) : '; it is not known by whom'}${when}.`;
}

function revoker({ kind, name }: Doer): string {
  if (kind === 'client') return ' by its client';
  if (kind === 'reuse') return ': a refresh token or code that had been used was presented again';
  // Who revoked the family is not known.
  if (kind === 'family') return '';
  return name === undefined ? ' by an administrator' : ` by the administrator ${name}`;
}

/** A subject that was changed by a known event, or is found changed. */
function changed(subject: string, past: string, present: string, { since, by }: InactiveCause): string {
  if (since === undefined) return `The ${subject} ${present}; it is not known since when.`;
  return `The ${subject} ${past} at ${isoTime(since)}${byActor(by)}.`;
}

const endings: Readonly<Record<string, (subject: string) => string>> = {
  'user.password_changed': (subject) => `It was ended by a new password of the ${subject}`,
  'client.secret_added': (subject) => `It was ended by a new secret of the ${subject}`,
  'client.secret_ended': (subject) => `It was ended with a secret of the ${subject}`,
  tokens_ended: (subject) => `All tokens of the ${subject} were ended`,
  disabled: (subject) => `It was ended when the ${subject} was disabled`,
  created: (subject) => `The ${subject} was deleted, and made again`,
  deleted: (subject) => `It was ended when the ${subject} was deleted`,
};

const likelyEndings: Readonly<Record<SubjectKind, string>> = {
  realm: 'it was disabled for a while, its tokens were ended, or it was made again',
  client: 'it has a new secret, was disabled for a while, its tokens were ended, or it was made again',
  user: 'it has a new password, was disabled for a while, its tokens were ended, or it was made again',
};

function endedSentence(subject: string, kind: SubjectKind, { since, by }: InactiveCause): string {
  if (since === undefined) {
    return `It was ended by a change of the ${subject} (${likelyEndings[kind]}); ${unknownTime}.`;
  }
  const action = by?.action ?? '';
  const ending = endings[action] ?? endings[action.replace(/^.*\./, '')];
  const words = ending ? ending(subject) : `It was ended by a change of the ${subject}`;
  const undone = action.endsWith('.disabled') ? '; enabling it again does not undo that' : '';
  return `${words} at ${isoTime(since)}${byActor(by)}${undone}.`;
}

function byActor(by: Doer | undefined): string {
  if (!by) return '';
  const { kind, name = '' } = by;
  if (kind === 'cli') return ` by ${name} at the command line`;
  if (kind === 'file') return ` by the configuration file ${name}`;
  if (kind === 'token') return ` by the admin client ${name}`;
  return ' by the server itself';
}

function subjectOf({ token }: StoredToken, kind: SubjectKind): string {
  return {
    realm: `realm ${token.realm}`,
    client: `client ${token.clientId}`,
    user: `user ${token.username}`,
  }[kind];
}

/** A refresh token that is neither revoked nor expired, nor ended by a subject. */
export function refreshSentence(usedAt: number | undefined, expiresAt: number): string {
  if (usedAt !== undefined) return `It was used at ${isoTime(usedAt)}, and gives no further tokens.`;
  return `The client can use it at the token endpoint until ${isoTime(expiresAt)}.`;
}
