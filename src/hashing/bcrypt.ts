import { verify } from '@node-rs/bcrypt';
import type { HashRefusal, PasswordHash } from '../domain/password-forms.js';
import type { HashForm } from './form.js';

/** Cost factors that are accepted: the next one takes more than a second. */
const costs = { min: 4, max: 14 };

/** bcrypt reads no more of a password, in bytes of UTF-8. */
const readBytes = 72;

const prefix = /^(?:\{bcrypt\})?(\$2[a-z]?\$.*)$/i;

/** The last characters of salt and digest have bits to spare, which are zero. The library takes others for a mismatch. */
const form = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26]$/;

/** bcrypt: `$2a$`, `$2b$` and `$2y$`, which are one function here, also behind the `{BCRYPT}` of LDAP servers. */
export const bcryptForm: HashForm = {
  accept(text: string): PasswordHash | HashRefusal | undefined {
    const [, hash] = prefix.exec(text) ?? [];
    if (hash === undefined) return undefined;
    if (hash.startsWith('$2x$')) return { refused: 'is of $2x$, which a faulty bcrypt has made' };
    const [, cost] = form.exec(hash) ?? [];
    if (cost === undefined) return { refused: 'is not a whole bcrypt hash of $2a$, $2b$ or $2y$' };
    if (Number(cost) < costs.min || Number(cost) > costs.max) {
      return { refused: `has a bcrypt cost that is not ${costs.min} to ${costs.max}` };
    }
    return hashOf(hash, Number(cost));
  },

  read(stored: string): PasswordHash | undefined {
    const [, cost] = form.exec(stored) ?? [];
    return cost === undefined ? undefined : hashOf(stored, Number(cost));
  },

  /** Runs on libuv's thread pool. */
  verify: (stored: string, password: string): Promise<boolean> => verify(password, stored),
};

function hashOf(text: string, cost: number): PasswordHash {
  return { text, form: 'bcrypt', cost: 2 ** cost, current: false, fast: false, wrapped: false, readBytes };
}
