import { jsonReply, type Reply } from './reply.js';

/**
 * What can be wrong with input before an endpoint sees it: the status (RFC 9110 §15.5, §15.6, RFC 6585 §5), and what its
 * sender is told.
 */
export const inputFaults = {
  400: 'The request is malformed.',
  408: 'The request took too long.',
  413: 'The request is too long.',
  414: 'The URL is too long.',
  431: 'The headers are too long.',
  501: 'The method or the transfer coding is not implemented.',
  505: 'This version of HTTP is not supported.',
} as const;

export type InputFault = keyof typeof inputFaults;

/** Makes the answer to faulty input, in the form of a listener's other errors. The correlation id is that of a request. */
export type InputFaultPresenter = (fault: InputFault, correlationId?: string) => Reply;

/** The answer in OAuth's form, since RFC 9110 defines none. */
export function oauthInputFault(fault: InputFault): Reply {
  return jsonReply(
    fault,
    [
      ['error', 'invalid_request'],
      ['error_description', inputFaults[fault]],
    ],
    { details: { error: 'invalid_request', reason: 'malformed_request' } },
  );
}
