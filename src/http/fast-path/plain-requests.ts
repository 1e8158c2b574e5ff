import type { IncomingMessage } from 'node:http';
import { type FormRules, isForm } from '../request/form-body.js';
import { headerValues } from '../request/request-view.js';

/** The longest form that is plain, in bytes. */
const maxPlainFormBytes = 4096;

/** RFC 6750 §2.1's `b64token` behind its scheme. */
const bearer = /^Bearer [A-Za-z0-9._~+/-]+=*$/;

/** One parameter that needs no decoding. */
const parameter = /^\?[A-Za-z0-9._~-]+=[A-Za-z0-9._~/-]+$/;
const accessToken = /^\?access_token=[A-Za-z0-9._~/-]+$/;

/** ForgeRock's plain request: a GET with one token, in the header or in the query, and no other parameter. */
export function isPlainForgeRock(request: IncomingMessage): boolean {
  if (request.method !== 'GET') return false;
  const query = queryOf(request);
  const [authorization, second] = headerValues(request, 'authorization');
  if (authorization === undefined) return accessToken.test(query);
  return second === undefined && query === '' && bearer.test(authorization);
}

/** Axway's plain GET: one parameter. */
export function isPlainAxwayGet(request: IncomingMessage): boolean {
  return request.method === 'GET' && parameter.test(queryOf(request));
}

/** Axway's plain POST: a form with a declared and small length, and no query. */
export function isPlainAxwayPost(request: IncomingMessage): boolean {
  return isPlainForm(request, { typeMayBeMissing: true });
}

/** The plain request of an endpoint that clients post to: a form with a declared and small length, and no query. */
export function isPlainForm(
  request: IncomingMessage,
  rules: FormRules = { typeMayBeMissing: false },
): boolean {
  if (request.method !== 'POST' || queryOf(request) !== '') return false;
  const { 'content-length': length, 'transfer-encoding': transfer } = request.headers;
  return transfer === undefined && Number(length) <= maxPlainFormBytes && isForm(request, rules);
}

/** The query with its `?`; empty when there is none. */
function queryOf({ url = '' }: IncomingMessage): string {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark);
}
