import type { Attributes } from './attributes.js';

/** A resource owner (RFC 6749 §1.1): a user whose name is unique within its realm. */
export interface ResourceOwner {
  /** Path of the realm that it lives in. */
  readonly realm: string;
  readonly username: string;
  /** An argon2id hash in PHC form. */
  readonly passwordHash: string;
  readonly attributes: Attributes;
  readonly enabled: boolean;
  /** Changes whenever every token issued for this resource owner so far must end. */
  readonly epoch: number;
}
