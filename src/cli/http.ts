import { Option } from 'commander';
import { CommandError } from './command-error.js';
import { printable } from './terminal.js';

/** Longest wait for the whole answer, in milliseconds. */
const answerTimeoutMs = 10_000;

/** What a server answered. */
export interface Answer {
  readonly status: number;
  /** Members of the JSON object in the body; empty when the body is not one. */
  readonly members: Readonly<Record<string, unknown>>;
}

/** The option that says which server to ask. */
export function urlOption(): Option {
  return new Option('--url <url>', 'base URL of the server').default('http://127.0.0.1:8080');
}

/**
 * The URL of an endpoint of a server.
 * @param base as the user gave it
 * @param path with a leading slash
 * @throws CommandError `usage`
 */
export function endpointUrl(base: string, path: string): URL {
  const url = URL.canParse(base) ? new URL(base) : undefined;
  const plain = url && !url.search && !url.hash && !url.username && !url.password;
  if (!plain || !/^https?:$/.test(url.protocol)) {
    throw new CommandError('usage', '--url: not an http or https URL without user, query and fragment');
  }
  url.pathname = url.pathname.replace(/\/+$/, '') + path;
  return url;
}

/**
 * Posts a form and reads the answer, whatever its status. Redirects are not followed: they would send the
 * form, and the secrets in it, to another address.
 * @throws CommandError `unreachable`
 */
export function postForm(
  url: URL,
  form: URLSearchParams,
  headers: Readonly<Record<string, string>> = {},
  timeoutMs = answerTimeoutMs,
): Promise<Answer> {
  return ask(url, { method: 'POST', body: form, headers }, timeoutMs);
}

/**
 * Gets an answer, whatever its status. Redirects are not followed.
 * @throws CommandError `unreachable`
 */
export function get(url: URL, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return ask(url, { headers }, answerTimeoutMs);
}

async function ask(url: URL, request: RequestInit, timeoutMs: number): Promise<Answer> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { ...request, redirect: 'manual', signal });
    return { status: response.status, members: readMembers(await response.text()) };
  } catch (error) {
    throw new CommandError('unreachable', `${url.origin} cannot be reached (${describe(error)})`);
  }
}

function readMembers(body: string): Answer['members'] {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Answer['members']) : {};
  } catch {
    return {};
  }
}

const descriptions: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the host name cannot be resolved',
  UND_ERR_CONNECT_TIMEOUT: 'no answer in time',
};

function describe(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'no answer in time';
  const { code } = ((error as Error).cause ?? {}) as { code?: string };
  return descriptions[code ?? ''] ?? code ?? 'the request failed';
}

/** The error for an unexpected answer: `refused` with the server's text (RFC 6749 §5.2), or `unreachable`. */
export function refusal({ status, members }: Answer): CommandError {
  const { error_description: description, message, error } = members;
  const text = [description, message, error].find((member) => typeof member === 'string');
  if (text === undefined) {
    return new CommandError('unreachable', `no authorization server answered there (status ${status})`);
  }
  // A server that failed has not refused the request.
  return new CommandError(status < 500 ? 'refused' : 'unreachable', printable(text));
}
