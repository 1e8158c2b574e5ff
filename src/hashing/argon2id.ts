import { hash, type Options, parseOptions, verify } from '@node-rs/argon2';
import type { HashRefusal, PasswordHash } from '../domain/password-forms.js';
import { PasswordHasher } from '../domain/secret.js';
import { decodeBase64, type HashForm } from './form.js';

/**
 * OWASP's recommendation for argon2id: 19 MiB of memory, two passes, one lane. Another cost needs a migration: the
 * indexes `client_foreign_hash` and `resource_owner_foreign_hash` leave out what was hashed at this one.
 */
const cost: Options = {
  algorithm: 2, // Algorithm.Argon2id; isolated modules cannot import an ambient const enum
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
};

/** How much memory a hash may ask for, in KiB: 256 MiB. Each core may verify one at the same time. */
const maxMemory = 262_144;

/** How much memory it may fill in all of its passes together, in KiB: 1 GiB, about half a second. */
const maxFilled = 1_048_576;

const maxLanes = 16;

/** What the library takes, in bytes. */
const saltBounds = { min: 8, max: 64 };
const digestBounds = { min: 16, max: 64 };

const form = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** argon2id (RFC 9106) in PHC form: `$argon2id$v=19$m=…,t=…,p=…$salt$digest`. */
export const argon2idForm: HashForm = {
  accept(text: string): PasswordHash | HashRefusal | undefined {
    if (!text.startsWith('$argon2')) return undefined;
    const [, m, t, p, salt, digest] = form.exec(text) ?? [];
    if (m === undefined) return { refused: 'is not a whole argon2id hash of version 19' };
    return refusalOf([m, t, p], salt, digest) ?? hashOf(text, Number(m), Number(t), Number(p));
  },

  read(stored: string): PasswordHash | undefined {
    const [, m, t, p] = form.exec(stored) ?? [];
    return m === undefined ? undefined : hashOf(stored, Number(m), Number(t), Number(p));
  },

  /** Checks the form first, so that an error of the verification is not taken for a wrong password. */
  async verify(stored: string, password: string): Promise<boolean> {
    return isReadable(stored) && verify(stored, password);
  },
};

/** Hashes passwords by argon2id on libuv's thread pool, never on the event loop. */
export class Argon2idHasher extends PasswordHasher {
  hash(password: string): Promise<string> {
    return hash(password, cost);
  }

  verify(stored: string, password: string): Promise<boolean> {
    return argon2idForm.verify(stored, password);
  }
}

/** @param parameters memory, passes and lanes, as they are written */
function refusalOf(
  parameters: readonly string[],
  saltText: string,
  digestText: string,
): HashRefusal | undefined {
  const [memory, passes, lanes] = parameters.map(Number);
  if (parameters.some((written) => !/^[1-9]\d*$/.test(written))) {
    return { refused: 'has a memory, time or parallelism of 0, or one with leading zeros' };
  }
  if (memory > maxMemory) return { refused: `asks for more than ${maxMemory} KiB of memory` };
  if (memory * passes > maxFilled) {
    return { refused: `asks for more time than ${maxFilled} KiB of memory take in all passes together` };
  }
  if (lanes > maxLanes) return { refused: `asks for more than ${maxLanes} lanes` };
  if (memory < 8 * lanes) return { refused: 'asks for less memory than 8 KiB for each lane' };
  const [salt, digest] = [decodeBase64(saltText), decodeBase64(digestText)];
  if (!salt || !digest) return { refused: 'is not valid base64' };
  if (!isWithin(saltBounds, salt)) return { refused: 'has a salt that is not 8 to 64 bytes long' };
  return isWithin(digestBounds, digest)
    ? undefined
    : { refused: 'has a digest that is not 16 to 64 bytes long' };
}

function isWithin({ min, max }: { readonly min: number; readonly max: number }, bytes: Buffer): boolean {
  return bytes.length >= min && bytes.length <= max;
}

function hashOf(text: string, memory: number, passes: number, lanes: number): PasswordHash {
  const current = memory === cost.memoryCost && passes === cost.timeCost && lanes === cost.parallelism;
  return { text, form: 'argon2id', cost: memory * passes, current, fast: false, wrapped: false };
}

function isReadable(stored: string): boolean {
  try {
    parseOptions(stored);
    return true;
  } catch {
    return false;
  }
}
