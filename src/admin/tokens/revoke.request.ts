import { isTokenId } from '../../domain/access-token.js';
import type { RevocationTarget } from '../../domain/token-revoker.js';
import { AdminQuery } from '../admin-query.js';
import type { AdminRequest } from '../admin.guard.js';
import { readJsonBody } from '../json-body.js';
import { badMember } from '../problem.js';
import { maxTokenLength } from './explain.request.js';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The tokens that a request wants to end: by exactly one of `token`, `id` and `family`.
 * @throws Problem
 */
export async function revocationTarget(request: AdminRequest): Promise<RevocationTarget> {
  new AdminQuery(request, []);
  const body = await readJsonBody(request, ['token', 'id', 'family']);
  const token = body.text('token', maxTokenLength);
  const id = body.text('id');
  const family = body.text('family');
  if ([token, id, family].filter((value) => value !== undefined).length !== 1) {
    throw badMember('', 'has not exactly one of token, id, family');
  }
  if (token === '') throw badMember('/token', 'is empty');
  if (token !== undefined) return { token };
  if (family !== undefined) {
    if (!uuid.test(family)) throw badMember('/family', 'is not a UUID');
    return { family: family.toLowerCase() };
  }
  if (id === undefined || !isTokenId(id)) {
    throw badMember('/id', 'is not the SHA-256 of a token in base64url');
  }
  return { hash: Buffer.from(id, 'base64url') };
}
