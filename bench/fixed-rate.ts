import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from './connection.js';
import { type Request, written } from './request.js';

/** Requests at a rate that does not depend on how fast they are answered. */
export interface FixedRate {
  readonly port: number;
  readonly request: Request;
  /** The tokens of the requests, in turn. */
  readonly tokens: readonly string[];
  /** Requests a second. */
  readonly rate: number;
  readonly seconds: number;
  /** Number of connections. A request that finds none idle waits, and the wait counts as latency. */
  readonly connections: number;
}

/**
 * Sends requests at a fixed rate.
 * @returns how long after it was *due* each request was answered, in milliseconds: a server that pauses is
 *   late for every request that was due during the pause, not for one
 * @throws Error when a request is not answered by 200
 */
export async function atFixedRate(load: FixedRate): Promise<number[]> {
  const { port, request, tokens, rate, seconds } = load;
  const all = await Connection.openAll(port, load.connections);
  const idle = [...all];
  const requests = tokens.map((token) => written(request, token));
  const total = Math.ceil(rate * seconds);
  const latencies: number[] = [];
  const started = performance.now();
  let sent = 0;
  let failure: Error | undefined;
  const dueAt = (number: number) => started + (number / rate) * 1000;
  const send = async (connection: Connection, number: number) => {
    const status = await connection.ask(requests[number % requests.length]);
    if (status !== 200) throw new Error(`a live token was answered by ${status}`);
    latencies.push(performance.now() - dueAt(number));
    idle.push(connection);
    sendDue();
  };
  const sendDue = () => {
    while (sent < total && idle.length > 0 && dueAt(sent) <= performance.now()) {
      send(idle.pop()!, sent++).catch((error: Error) => (failure = error));
    }
  };
  while (latencies.length < total && !failure) {
    sendDue();
    // A request that is due between two ticks is sent late, and the delay counts as latency.
    await delay(1);
  }
  for (const connection of all) connection.close();
  if (failure) throw failure;
  return latencies;
}
