import type { Attributes } from './attributes.js';

/** A resource owner (RFC 6749 §1.1): a user whose name is unique within its realm. */
export interface ResourceOwner {
  /** Path of its realm. */
  readonly realm: string;
  readonly username: string;
  /** In a form that `PasswordForms` reads. */
  readonly passwordHash: string;
  /** The record of the imported hash that `passwordHash` has replaced, if it has replaced one (`imported-hash.ts`). */
  readonly importedHash?: string;
  readonly attributes: Attributes;
  readonly enabled: boolean;
  /** Changes when all tokens issued for this resource owner so far must become inactive. */
  readonly epoch: number;
}
