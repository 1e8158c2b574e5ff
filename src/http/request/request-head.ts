import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
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

/** The host of the last good head, which nearly every request has. */
let lastHost = '';

/**
 * Looks for what HTTP forbids in the head of a request and Node lets pass. It looks at every request, so it looks at
 * every header once.
 * @returns undefined for a head that is good
 */
export function headFaultOf(request: IncomingMessage): HeadFault | undefined {
  const { url = '', rawHeaders, httpVersionMajor, httpVersionMinor } = request;
  if (httpVersionMajor !== 1) return { fault: 505, detail: 'another version of HTTP' };
  if (url.length > maxTargetLength) return { fault: 414, detail: 'a long URL' };
  let length = 0;
  let hosts = 0;
  let host = '';
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    const value = rawHeaders[at + 1];
    length += name.length + value.length;
    if (name.length === 4 && name.toLowerCase() === 'host') {
      hosts += 1;
      host = value;
    }
  }
  if (length > maxHeaderLength) return { fault: 431, detail: 'long headers' };
  // RFC 9112 §3.2: one `Host`, which is empty where the client knows none. HTTP/1.0 had none.
  const enough = hosts === 1 || (hosts === 0 && httpVersionMinor === 0);
  if (!enough || (host !== '' && host !== lastHost && !isAuthority(host))) {
    return { fault: 400, detail: 'not one Host header with a host' };
  }
  lastHost = host;
  if (!isTarget(url, request.method)) return { fault: 400, detail: 'no target of a request' };
  return transferFaultOf(request);
}

/** A name and its port (RFC 3986 §3.2.2, §3.2.3). Names have no certain form. */
const nameAndPort = /^(?:[\w.~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+(?::\d*)?$/;

/** An address in brackets and its port; one of version 6 has no further form here. */
const addressAndPort = /^\[(?:([0-9A-Fa-f:.]+)|[vV][0-9A-Fa-f]+\.[\w.~!$&'()*+,;=:-]+)\](?::\d*)?$/;

/** Whether a text is a host and its port, as in `Host`. */
function isAuthority(text: string): boolean {
  if (!text.startsWith('[')) return nameAndPort.test(text);
  const [whole, address] = addressAndPort.exec(text) ?? [];
  return whole !== undefined && (address === undefined || isIPv6(address));
}

const absoluteForm = /^[a-z][a-z0-9+.-]*:\/\/([^/?]*)/i;

/** RFC 9112 §3.2: a path, a URI with a host and without a user (RFC 9110 §4.2.1, §4.2.4), or the asterisk of OPTIONS. */
function isTarget(target: string, method: string | undefined): boolean {
  if (target.includes('#')) return false;
  if (target.startsWith('/')) return true;
  if (target === '*') return method === 'OPTIONS';
  const [, host] = absoluteForm.exec(target) ?? [];
  return host !== undefined && isAuthority(host);
}

/**
 * RFC 9112 §6.1: chunked alone is understood. It must be the last coding, and once (§6.3, §7); HTTP/1.0 has none, so its
 * sender may mean another length.
 */
function transferFaultOf({ headers, httpVersionMinor }: IncomingMessage): HeadFault | undefined {
  const transfer = headers['transfer-encoding'];
  if (transfer === undefined) return undefined;
  const codings = transfer
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim());
  if (httpVersionMinor === 0 || codings.indexOf('chunked') !== codings.length - 1) {
    return { fault: 400, detail: 'a body without a certain length' };
  }
  return codings.length === 1 ? undefined : { fault: 501, detail: 'an unknown transfer coding' };
}
