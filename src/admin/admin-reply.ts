import type { AnswerDetails } from '../observability/request-observer.js';
import type { Reply } from '../http/response/reply.js';
import { type AdminRequest, callerOf } from './admin.guard.js';

/** A JSON answer to an admitted request. Members that are undefined are left out. */
export function adminReply(request: AdminRequest, body: object): Reply {
  const { realm, clientId } = callerOf(request);
  return openReply(body, { realm, clientId });
}

/** A JSON answer to a request that needs no token. Members that are undefined are left out. */
export function openReply(body: object, details: AnswerDetails): Reply {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    details,
  };
}
