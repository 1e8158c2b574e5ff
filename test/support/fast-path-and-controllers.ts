import type { HttpAdapter } from '../../src/http/http-adapter.js';
import type { TestApp } from './app.js';
import { Conversation, type Exchange } from './conversation.js';

/** What a number of requests led to, with the fast path or without it. */
export interface Passage {
  /** The answers of each connection, as Latin-1, without correlation ids and dates, and without tokens that were issued. */
  readonly answers: readonly (readonly string[])[];
  /** The lines of the access log and of faults, sorted, without times and correlation ids. */
  readonly log: readonly string[];
  /** Method and route of each request that the fast path took. */
  readonly taken: readonly string[];
  /** The number of requests that went on to the controllers. */
  readonly passedOn: number;
  /** The correlation ids of all answers, and those of the answered requests in the log; both sorted. */
  readonly answeredIds: readonly string[];
  readonly loggedIds: readonly string[];
}

const atOnce = 8;
const correlationId = /(?<=\r\nX-Correlation-Id: )[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=\r\n)/g;
const date = /(?<=\r\nDate: )[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} GMT(?=\r\n)/g;

/** The value of a token in an answer of the token endpoint, which begins with it. */
const issued =
  /(\r\n\r\n(?:\{"access_token":"|access_token=|<oauth><access_token>))sya_[\w-]{54}(?=(?:"|&|<\/access_token>).*expires_in\W+3600\b)/g;

export type Way = 'fast path' | 'controllers';

/** An application whose fast path can be switched off, so that its controllers answer everything. */
export class FastPathAndControllers {
  private fastPathIsOn = true;
  private taken: string[] = [];
  private closed: Promise<void>[] = [];

  constructor(readonly app: TestApp) {
    const { fastPath } = app.nest.getHttpAdapter() as unknown as HttpAdapter;
    const handle = fastPath.handle.bind(fastPath);
    fastPath.handle = (request, response) => {
      // The access log's own listener for this event has run by then.
      this.closed.push(new Promise((resolve) => response.once('close', resolve)));
      const taken = this.fastPathIsOn && handle(request, response);
      if (taken) this.taken.push(`${request.method} ${request.route?.path}`);
      return taken;
    };
  }

  /** Sends these exchanges with the fast path or without it. */
  pass(way: Way, exchanges: readonly Exchange[]): Promise<Passage> {
    const begin = (exchange: Exchange) => Conversation.begin(this.app, exchange);
    return this.watch(way, exchanges, async (exchange) => (await begin(exchange)).finish());
  }

  /** Finishes conversations that have begun, with the fast path or without it. */
  finish(way: Way, conversations: readonly Conversation[]): Promise<Passage> {
    return this.watch(way, conversations, (conversation) => conversation.finish());
  }

  private async watch<Item>(
    way: Way,
    items: readonly Item[],
    exchange: (item: Item) => Promise<string>,
  ): Promise<Passage> {
    this.fastPathIsOn = way === 'fast path';
    this.taken = [];
    this.closed = [];
    const firstLine = this.app.logged.length;
    const received: string[] = [];
    const turns = items.entries();
    const takeTurns = async () => {
      for (const [index, item] of turns) received[index] = await exchange(item);
    };
    await Promise.all(Array.from({ length: atOnce }, takeTurns));
    await Promise.all(this.closed);
    const { taken, closed } = this;
    return {
      taken,
      passedOn: closed.length - taken.length,
      ...seen(received, this.app.logged.slice(firstLine)),
    };
  }
}

function seen(received: readonly string[], lines: readonly string[]): Omit<Passage, 'taken' | 'passedOn'> {
  const records = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const answeredIds = received.flatMap((text) => text.match(correlationId) ?? []).sort();
  const answers = new Set(answeredIds);
  // A request whose body could not be read is answered on the connection itself, and counts as aborted.
  const answered = records.filter(
    ({ msg, aborted, correlationId: id }) => msg === 'request' && (!aborted || answers.has(String(id))),
  );
  return {
    answers: received.map((text) =>
      text
        .replace(correlationId, '')
        .replace(date, '')
        .replace(issued, `$1${'x'.repeat(58)}`)
        .split(/(?<!100 Continue\r\n\r\n)(?=HTTP\/1\.1 )/),
    ),
    log: records
      // Other lines are about the application's own work, not about these requests.
      .filter(({ msg, level }) => msg === 'request' || Number(level) > 40)
      .map((record) => JSON.stringify({ ...record, time: 0, ms: 0, correlationId: '' }))
      .sort(),
    answeredIds,
    loggedIds: answered.map((record) => String(record.correlationId)).sort(),
  };
}
