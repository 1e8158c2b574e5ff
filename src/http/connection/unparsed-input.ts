import { STATUS_CODES } from 'node:http';
import type { InputFault } from '../response/input-fault.js';
import type { Reply } from '../response/reply.js';

/** Why Node's parser, or its watch over time limits, has given up a connection. */
export interface InputError extends Error {
  readonly code?: string;
  /** The packet that could not be parsed, and the place in it. */
  readonly rawPacket?: Buffer;
  readonly bytesParsed?: number;
}

/** Whether a request, or the headers of one, took too long. Node also says so of a connection that is new and unused. */
export function isTimeout({ code }: InputError): boolean {
  return code === 'ERR_HTTP_REQUEST_TIMEOUT';
}

/** What is wrong with input that is not a request. */
export function faultOf(error: InputError): InputFault {
  if (isTimeout(error)) return 408;
  switch (error.code ?? '') {
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return 413;
    case 'HPE_HEADER_OVERFLOW':
      return longTarget.test(lineOf(error).parsed) ? 414 : 431;
    case 'HPE_PAUSED_H2_UPGRADE':
      return 505;
    case 'HPE_INVALID_VERSION':
    case 'HPE_INVALID_METHOD':
    case 'HPE_INVALID_CONSTANT':
      return requestLineFault(lineOf(error).whole);
    default:
      return 400;
  }
}

/** The beginning of a request line, without its end (RFC 9112 §3). */
const longTarget = /^[A-Z-]+ \S+$/;
const requestLine = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+ \S+ HTTP\/(\d)\.(\d)\r$/;

/** A method that Node does not know, or a version, is no mistake in the line's form (RFC 9110 §9.1, §15.6.6). */
function requestLineFault(line: string): InputFault {
  const [, major, minor] = requestLine.exec(line) ?? [];
  if (major === undefined) return 400;
  return major === '1' && Number(minor) <= 1 ? 501 : 505;
}

/** The line that could not be parsed, as far as it is in one packet: the part before that place, and all of it. */
function lineOf({ rawPacket, bytesParsed = 0 }: InputError): { parsed: string; whole: string } {
  const text = rawPacket?.toString('latin1') ?? '';
  const start = text.lastIndexOf('\n', bytesParsed - 1) + 1;
  const end = text.indexOf('\n', start);
  return { parsed: text.slice(start, bytesParsed), whole: end < 0 ? '' : text.slice(start, end) };
}

/** An answer that is written to the connection itself, because there is no request; it is the last one. */
export function rawAnswer({ status, headers, body }: Reply, correlationId: string): string {
  const all = {
    Date: new Date().toUTCString(),
    Connection: 'close',
    'X-Correlation-Id': correlationId,
    ...headers,
    'Content-Length': Buffer.byteLength(body),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n');
}
