import type { Turn } from './secret.js';

/** A hash of a password or a client secret, as far as its text tells. */
export interface PasswordHash {
  /** As it is stored. */
  readonly text: string;
  /** The function that made it, without its cost. */
  readonly form: string;
  /** What a verification costs: among hashes of one form, the time it takes is proportional to this. */
  readonly cost: number;
  /** Whether this server would make it so itself. Any other is replaced when its secret is presented. */
  readonly current: boolean;
  /** Whether it is so cheap to guess that it must be wrapped. */
  readonly fast: boolean;
  /** Whether it is a fast hash that was wrapped. */
  readonly wrapped: boolean;
  /** How many bytes of a secret the form reads, if not all. Whoever verifies a longer one does not know its end. */
  readonly readBytes?: number;
}

/** Why a text is not accepted as a hash, in fixed words: `must …`, `is …` or `has …`. */
export interface HashRefusal {
  readonly refused: string;
}

/** Knows the forms in which hashes of passwords and chosen secrets are accepted and stored. */
export abstract class PasswordForms {
  /** Reads a hash that somebody gives, of this server or of another system. Its cost is bounded. */
  abstract accept(text: string): PasswordHash | HashRefusal;

  /** Reads a stored hash; undefined where nothing of ours has that form. */
  abstract read(stored: string): PasswordHash | undefined;

  /**
   * Wraps a fast hash: what is stored is an argon2id hash of its digest, so that guessing costs as much as argon2id.
   * @param turn of a caller; undefined for what no caller waits for
   * @returns the text to store
   */
  abstract wrap(hash: PasswordHash, turn?: Turn): Promise<string>;

  /** Whether a stored text is this fast hash, wrapped. Costs an argon2id check where the salts are the same. */
  abstract wraps(stored: string, hash: PasswordHash): Promise<boolean>;
}
