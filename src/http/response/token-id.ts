import { tokenId } from '../../domain/access-token.js';
import type { InactiveReason } from '../../domain/inactive.js';

/** A token of these kinds is none of ours: it may be anything, even a password, and not even its hash may be kept. */
const strange: ReadonlySet<InactiveReason> = new Set(['no_token', 'unreadable', 'foreign_form']);

/** Computes the identifier of an inactive token when an observer asks for it; undefined for a token of no kind of ours. */
export function tokenIdOf(reason: InactiveReason, presented: string | undefined): (() => string) | undefined {
  return presented === undefined || strange.has(reason) ? undefined : () => tokenId(presented);
}
