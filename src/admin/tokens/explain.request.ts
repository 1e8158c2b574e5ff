import { isTokenId } from '../../domain/access-token.js';
import type { Question } from '../../domain/explanation.js';
import { isRealmPath } from '../../domain/realm.js';
import type { Caller } from '../admin-authenticator.js';
import { AdminQuery } from '../admin-query.js';
import { type AdminRequest, callerOf, requireWithin } from '../admin.guard.js';
import { type JsonBody, readJsonBody } from '../json-body.js';
import { badMember } from '../problem.js';

const members = ['token', 'id', 'realm', 'client_id', 'client_realm'];

/** The longest token, in characters: any that a body has room for. */
export const maxTokenLength = 65_536;

/**
 * What a request asks about a token.
 * @throws Problem
 */
export async function explainQuestion(request: AdminRequest): Promise<Question> {
  new AdminQuery(request, []);
  const caller = callerOf(request);
  const body = await readJsonBody(request, members);
  return {
    about: aboutOf(body),
    within: caller.realm,
    realm: realmOf(body, 'realm', caller),
    caller: introspectorOf(body, caller),
  };
}

function aboutOf(body: JsonBody): Question['about'] {
  const token = body.text('token', maxTokenLength);
  const id = body.text('id');
  if ((token === undefined) === (id === undefined)) throw badMember('', 'has not exactly one of token, id');
  if (token === '') throw badMember('/token', 'is empty');
  if (token !== undefined) return { token };
  if (id === undefined || !isTokenId(id))
    throw badMember('/id', 'is not the SHA-256 of a token in base64url');
  return { id };
}

/** @throws Problem 404 for a realm that is neither the caller's nor below it */
function realmOf(body: JsonBody, name: string, caller: Caller): string | undefined {
  const path = body.text(name);
  if (path === undefined) return undefined;
  if (!isRealmPath(path)) throw badMember(`/${name}`, 'is not the path of a realm');
  requireWithin(path, caller);
  return path;
}

/** The client that would introspect the token; without a realm, one of the caller's. */
function introspectorOf(body: JsonBody, caller: Caller): Question['caller'] {
  const clientId = body.text('client_id');
  const realm = realmOf(body, 'client_realm', caller);
  if (clientId !== undefined) return { realm: realm ?? caller.realm, clientId };
  if (realm !== undefined) throw badMember('/client_realm', 'goes with client_id');
  return undefined;
}
