import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Listener, ObservedAnswer } from './answer-checker.js';

declare global {
  /** What the OpenAPI document of a listener does not say about an answer; undefined for one that fits. */
  // A `let` would not be a member of the global object.
  var answerFlaw: (listener: Listener, answer: ObservedAnswer) => string | undefined;
}

/** What was found since the last test. */
const flaws: string[] = [];

afterEach(expectNoFlaws);
afterAll(expectNoFlaws);

function expectNoFlaws(): void {
  expect(flaws.splice(0)).toEqual([]);
}

/** Holds every answer of a server against the OpenAPI document of its listener. One that does not fit fails the test. */
export function watchAnswers(server: Server, listener: Listener): void {
  const watch = (request: IncomingMessage, response: ServerResponse) =>
    watchAnswer(request, response, listener);
  server.prependListener('request', watch);
  server.prependListener('checkExpectation', watch);
}

function watchAnswer(
  request: IncomingMessage & { readonly route?: { readonly path: string } },
  response: ServerResponse,
  listener: Listener,
): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse;
  const answer = { headers: {} as Record<string, string>, body: '' };
  response.writeHead = (status: number, ...rest: unknown[]) => {
    for (const [name, value] of Object.entries(response.getHeaders())) answer.headers[name] = String(value);
    const written = rest.flat() as string[];
    for (let at = 0; at < written.length; at += 2) {
      answer.headers[written[at].toLowerCase()] = written[at + 1];
    }
    return writeHead(status, ...rest);
  };
  response.end = (...args: unknown[]) => {
    if (typeof args[0] === 'string') answer.body = args[0];
    return end(...args);
  };
  response.once('finish', () => {
    const { method = '', route } = request;
    const flaw = answerFlaw(listener, { ...answer, method, route: route?.path, status: response.statusCode });
    if (flaw !== undefined) flaws.push(flaw);
  });
}
