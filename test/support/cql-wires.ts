import { randomInt } from 'node:crypto';
import { policies } from 'cassandra-driver';
import type { Cassandra } from './cassandra.js';
import {
  type Frame,
  FrameReader,
  preparation,
  preparedId,
  type PreparedStatements,
  statements,
  timedOut,
} from './cql-frames.js';
import { Wire, type WireFilter } from './wire.js';

/** What a client gets instead of the answer to a statement that a node has run. */
export type Loss =
  /** The end of the connection. */
  | 'cut'
  /** Nothing, and the connection stays. */
  | 'swallowed'
  /** The node's word that it does not know whether the statement, a lightweight transaction, was applied. */
  | 'timed out';

/** An answer that is to be lost. */
interface Expected {
  readonly statement: RegExp;
  readonly loss: Loss;
  readonly lost: () => void;
}

/** What the wires of one cluster have in common. */
interface Knowledge {
  readonly prepared: PreparedStatements;
  readonly expected: Set<Expected>;
}

/**
 * Wires to all nodes of a cluster, at addresses of their own and the nodes' port. A client that knows the contact
 * points alone finds the nodes' own addresses for all other nodes: it needs `addressResolution` as well.
 */
export class CqlWires implements Cassandra {
  /** The driver's policy that gives a node's wire for its address. */
  readonly addressResolution: policies.addressResolution.AddressTranslator;

  private constructor(
    private readonly target: Cassandra,
    /** Of the wires. */
    readonly contactPoints: readonly string[],
    /** In the nodes' order. */
    readonly wires: readonly Wire[],
    private readonly expected: Set<Expected>,
  ) {
    // The driver takes instances of a class of its own alone, which its types leave out.
    this.addressResolution = Object.assign(policies.defaultAddressTranslator(), {
      translate: (address: string, port: number, callback: (endPoint: string) => void) =>
        callback(contactPoints[target.contactPoints.indexOf(`${address}:${port}`)]),
    });
  }

  /** @param target its contact points are all of its nodes, by address */
  static async to(target: Cassandra): Promise<CqlWires> {
    const network = `127.${randomInt(1, 255)}.${randomInt(256)}`;
    const knowledge: Knowledge = { prepared: new Map(), expected: new Set() };
    const places = target.contactPoints.map((node, index) => {
      const [nodeHost, port] = node.split(':');
      return {
        node: { host: nodeHost, port: Number(port) },
        host: `${network}.${index + 1}`,
        port: Number(port),
      };
    });
    const wires = await Promise.all(
      places.map(({ node, host, port }) => Wire.open(node, { host, port }, () => new CqlFilter(knowledge))),
    );
    const contactPoints = places.map(({ host, port }) => `${host}:${port}`);
    return new CqlWires(target, contactPoints, wires, knowledge.expected);
  }

  get datacenter(): string {
    return this.target.datacenter;
  }

  /**
   * Loses the answer to the next request that runs a statement of this form, alone or in a batch. The node gets the
   * request. Other answers under way on a connection that is cut are lost, too.
   * @returns when the node's answer has been lost
   */
  loseAnswer(statement: RegExp, loss: Loss): Promise<void> {
    return new Promise((resolve) => this.expected.add({ statement, loss, lost: resolve }));
  }

  async close(): Promise<void> {
    await Promise.all(this.wires.map((wire) => wire.close()));
  }
}

/** Reads one connection. */
class CqlFilter implements WireFilter {
  private readonly requests = new FrameReader();
  private readonly answers = new FrameReader();
  /** Texts under preparation, and answers to be lost, by the number of their request. */
  private readonly preparing = new Map<number, string>();
  private readonly losing = new Map<number, Expected>();

  constructor(private readonly knowledge: Knowledge) {}

  request(data: Buffer): void {
    for (const frame of this.requests.read(data)) {
      const text = preparation(frame);
      if (text !== undefined) this.preparing.set(frame.stream, text);
      const run = statements(frame, this.knowledge.prepared);
      const expected = [...this.knowledge.expected].find(({ statement }) =>
        run.some((each) => statement.test(each)),
      );
      if (!expected) continue;
      this.knowledge.expected.delete(expected);
      this.losing.set(frame.stream, expected);
    }
  }

  answer(data: Buffer): { data: Buffer; cut: boolean } {
    const passed: Buffer[] = [];
    for (const frame of this.answers.read(data)) {
      this.learn(frame);
      const expected = this.losing.get(frame.stream);
      this.losing.delete(frame.stream);
      expected?.lost();
      if (expected?.loss === 'cut') return { data: Buffer.concat(passed), cut: true };
      if (expected?.loss === 'timed out') passed.push(timedOut(frame));
      else if (!expected) passed.push(frame.bytes);
    }
    return { data: Buffer.concat(passed), cut: false };
  }

  private learn(frame: Frame): void {
    const text = this.preparing.get(frame.stream);
    this.preparing.delete(frame.stream);
    const id = text === undefined ? undefined : preparedId(frame);
    if (text !== undefined && id !== undefined) this.knowledge.prepared.set(id, text);
  }
}
