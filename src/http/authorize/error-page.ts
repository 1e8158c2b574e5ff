import type { OAuthError } from '../../domain/oauth-error.js';
import { faultPage } from '../pages/fault.page.js';
import type { PageFault } from '../pages/messages.js';
import type { Frame } from '../pages/page.js';
import { detailsOf, MethodNotAllowed, refusalFrame } from '../response/refusal.js';
import type { Reply } from '../response/reply.js';

const faults: Readonly<Partial<Record<string, PageFault>>> = {
  invalid_client: 'unknown_client',
  redirect_uri_mismatch: 'redirect_uri_mismatch',
  bad_request: 'forged',
  too_many_attempts: 'throttled',
  temporarily_unavailable: 'unavailable',
  server_error: 'fault',
};

/** The page of a refusal. */
export function errorPage(
  frame: Frame,
  error: OAuthError,
  { realm, reference }: { readonly realm?: string; readonly reference?: string },
): Reply {
  const { status, headers } = refusalFrame(error);
  const fault = error instanceof MethodNotAllowed ? 'method' : (faults[error.code] ?? 'malformed');
  return faultPage(frame, {
    // A page does not ask for an authentication by HTTP.
    status: status === 401 ? 400 : status,
    headers,
    fault,
    code: error.code,
    reference,
    details: detailsOf(error, realm),
  });
}

/** The page where no realm is. */
export function noSuchRealm(frame: Frame, reference: string | undefined): Reply {
  const details = { error: 'not_found', reason: 'no_such_realm' } as const;
  return faultPage(frame, { status: 404, fault: 'no_such_realm', code: 'not_found', reference, details });
}
