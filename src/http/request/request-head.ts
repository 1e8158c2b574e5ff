import type { IncomingMessage } from 'node:http';
import type { InputFault } from '../response/input-fault.js';

/** The longest request target, and the most characters that all names and values of headers have together. */
const maxTargetLength = 16 * 1024;
const maxHeaderLength = 16 * 1024;

/** What is wrong with the head of a request. */
export interface HeadFault {
  readonly fault: InputFault;
  /** In fixed words, for the log. */
  readonly detail: string;
}

/**
 * Looks for what HTTP forbids in the head of a request and Node lets pass. It looks at every request, so it looks at
 * every header once.
 * @returns undefined for a head that is good
 */
export function headFaultOf(request: IncomingMessage): HeadFault | undefined {
  const { url = '', rawHeaders, httpVersionMajor } = request;
  if (httpVersionMajor !== 1) return { fault: 505, detail: 'another version of HTTP' };
  if (url.length > maxTargetLength) return { fault: 414, detail: 'a long URL' };
  let length = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    length += rawHeaders[at].length + rawHeaders[at + 1].length;
  }
  if (length > maxHeaderLength) return { fault: 431, detail: 'long headers' };
  return undefined;
}
