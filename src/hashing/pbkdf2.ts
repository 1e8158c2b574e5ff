import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import type { HashRefusal, PasswordHash } from '../domain/password-forms.js';
import {
  checkedSalt,
  decodeBase64,
  type DigestForm,
  digestAndSalt,
  encodeBase64,
  partsOf,
  verifyDigest,
} from './form.js';

/** Runs on libuv's thread pool. */
const derive = promisify(pbkdf2);

/** A hash with fewer rounds is cheap to guess, and wrapped. */
const slowRounds = 10_000;

/** About a second. */
const maxRounds = 2_000_000;

/** How long a digest may be, in bytes. A shorter one is no stronger than a password of its length. */
const digestBounds = { min: 16, max: 64 };

/** The length of each function's own digest, in bytes. */
const ownLength: Readonly<Record<string, number>> = { sha1: 20, sha256: 32, sha512: 64 };

const tooMany = { refused: `has more than ${maxRounds} iterations` };

const ldapForm = /^\{pbkdf2(?:-hmac-(sha256|sha512))?\}(\d+):(.*)$/i;
const oryForm = /^\$pbkdf2-(sha1|sha256|sha512)\$i=(\d+),l=(\d+)\$([^$]*)\$([^$]*)$/;
const djangoForm = /^pbkdf2_(sha1|sha256)\$(\d+)\$([^$]+)\$([^$]*)$/;
const headForm = /^\$pbkdf2-(sha1|sha256|sha512)\$i=(\d+),l=(\d+)\$([A-Za-z0-9+/]+)$/;

interface Parts {
  readonly algorithm: string;
  readonly iterations: string;
  readonly salt: Buffer;
  readonly digest: Buffer;
}

/**
 * PBKDF2 (RFC 8018 §5.2) with HMAC, in the forms of
 * - LDAP servers: `{PBKDF2}`, `{PBKDF2-HMAC-SHA256}` or `{PBKDF2-HMAC-SHA512}`, iterations, `:`, and the base64 of digest
 *   and salt (OpenDJ's `PBKDF2…PasswordStorageScheme`),
 * - Ory: `$pbkdf2-sha256$i=…,l=…$salt$digest`,
 * - Django: `pbkdf2_sha256$iterations$salt$digest`, where the salt is the text itself.
 * Stored as Ory writes it.
 */
export const pbkdf2Form: DigestForm = {
  accept(text: string): PasswordHash | HashRefusal | undefined {
    const parts = ldapParts(text) ?? oryParts(text) ?? djangoParts(text);
    if (!parts || 'refused' in parts) return parts;
    const { algorithm, iterations, digest } = parts;
    const { min, max } = digestBounds;
    if (digest.length < min || digest.length > max) {
      return { refused: `has a digest that is not ${min} to ${max} bytes long` };
    }
    if (!/^[1-9]\d*$/.test(iterations)) return { refused: 'has no iterations' };
    const head = `$pbkdf2-${algorithm}$i=${iterations},l=${digest.length}$${encodeBase64(parts.salt)}`;
    const rounds = roundsOf(head);
    if (rounds === undefined || rounds > maxRounds) return tooMany;
    return hashOf(head, encodeBase64(digest), rounds);
  },

  read(stored: string): PasswordHash | undefined {
    const { head, digest } = partsOf(stored);
    const rounds = roundsOf(head);
    return rounds !== undefined && decodeBase64(digest) ? hashOf(head, digest, rounds) : undefined;
  },

  verify: (stored: string, password: string): Promise<boolean> => verifyDigest(pbkdf2Form, stored, password),

  costOf: roundsOf,

  digest(head: string, password: string): Promise<Buffer> {
    const [, algorithm, iterations, length, salt] = headForm.exec(head)!;
    return derive(password, Buffer.from(salt, 'base64'), Number(iterations), Number(length), algorithm);
  },
};

function ldapParts(text: string): Parts | HashRefusal | undefined {
  const [, name = 'sha1', iterations, base64] = ldapForm.exec(text) ?? [];
  if (iterations === undefined) return undefined;
  const algorithm = name.toLowerCase();
  const parts = digestAndSalt(base64, ownLength[algorithm]);
  return 'refused' in parts ? parts : { algorithm, iterations, ...parts };
}

function oryParts(text: string): Parts | HashRefusal | undefined {
  const [, algorithm, iterations, length, salt64, digest64] = oryForm.exec(text) ?? [];
  if (algorithm === undefined) return undefined;
  const [salt, digest] = [decodeBase64(salt64), decodeBase64(digest64)];
  if (!salt || !digest) return { refused: 'is not valid base64' };
  if (digest.length !== Number(length)) return { refused: 'has a digest that is not as long as it says' };
  return checkedSalt({ algorithm, iterations, salt, digest });
}

function djangoParts(text: string): Parts | HashRefusal | undefined {
  const [, algorithm, iterations, saltText, base64] = djangoForm.exec(text) ?? [];
  if (algorithm === undefined) return undefined;
  const digest = decodeBase64(base64);
  if (!digest) return { refused: 'is not valid base64' };
  return checkedSalt({ algorithm, iterations, salt: Buffer.from(saltText), digest });
}

/** How often the HMAC is called: a digest that is longer than the function's own takes the iterations once more. */
function roundsOf(head: string): number | undefined {
  const [, algorithm, iterations, length] = headForm.exec(head) ?? [];
  if (algorithm === undefined) return undefined;
  return Number(iterations) * Math.ceil(Number(length) / ownLength[algorithm]);
}

function hashOf(head: string, digest: string, rounds: number): PasswordHash {
  return {
    text: `${head}$${digest}`,
    form: head.split('$')[1],
    cost: rounds,
    current: false,
    fast: rounds < slowRounds,
    wrapped: false,
  };
}
