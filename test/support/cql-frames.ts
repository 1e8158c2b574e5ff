/** Opcodes of the native protocol, versions 3 and 4. */
const opcodes = { error: 0x00, query: 0x07, result: 0x08, prepare: 0x09, execute: 0x0a, batch: 0x0d };

const headerBytes = 9;
/** Flag of an answer that begins with warnings, such as one against statements without a keyspace. */
const withWarnings = 0x08;
/** Kind of a RESULT that answers a PREPARE. */
const prepared = 4;
/** Code of an ERROR: a write was not acknowledged in time. */
const writeTimeout = 0x1100;
const serial = 8;

/** A message of Cassandra's native protocol, version 3 or 4, without compression. */
export interface Frame {
  /** The whole message. */
  readonly bytes: Buffer;
  /** Number that an answer has in common with its request. */
  readonly stream: number;
  readonly opcode: number;
  readonly body: Buffer;
}

/** Makes frames of the bytes of one direction of a connection. */
export class FrameReader {
  private held: Buffer = Buffer.alloc(0);

  /** The frames that are complete with these bytes. */
  read(data: Buffer): Frame[] {
    this.held = Buffer.concat([this.held, data]);
    const frames: Frame[] = [];
    for (let frame = this.next(); frame; frame = this.next()) frames.push(frame);
    return frames;
  }

  private next(): Frame | undefined {
    if (this.held.length < headerBytes) return undefined;
    const end = headerBytes + this.held.readUInt32BE(5);
    if (this.held.length < end) return undefined;
    const bytes = this.held.subarray(0, end);
    this.held = this.held.subarray(end);
    return { bytes, stream: bytes.readInt16BE(2), opcode: bytes[4], body: bytes.subarray(headerBytes) };
  }
}

/** The statements of a cluster's clients by the ids that its nodes have given them. */
export type PreparedStatements = Map<string, string>;

/** The text that a request asks to prepare. */
export function preparation({ opcode, body }: Frame): string | undefined {
  return opcode === opcodes.prepare ? new Body(body).longString() : undefined;
}

/** The id of a prepared statement, in an answer to a preparation. */
export function preparedId({ bytes, opcode, body }: Frame): string | undefined {
  const rest = new Body(body);
  if ((bytes[1] & withWarnings) !== 0) rest.passWarnings();
  return opcode === opcodes.result && rest.int() === prepared ? rest.shortBytes() : undefined;
}

/** The statements that a request runs: one, or those of a batch; none for any other request. */
export function statements({ opcode, body }: Frame, known: PreparedStatements): string[] {
  const rest = new Body(body);
  if (opcode === opcodes.query) return [rest.longString()];
  if (opcode === opcodes.execute) return [known.get(rest.shortBytes()) ?? ''];
  return opcode === opcodes.batch ? rest.batch(known) : [];
}

/** An answer in the place of another one: the node does not know whether a lightweight transaction was applied. */
export function timedOut({ bytes, stream }: Frame): Buffer {
  const message = Buffer.from('CAS');
  const body = Buffer.alloc(4 + 2 + message.length + 2 + 4 + 4 + 2 + message.length);
  let at = body.writeInt32BE(writeTimeout, 0);
  at = body.writeUInt16BE(message.length, at);
  at += message.copy(body, at);
  at = body.writeUInt16BE(serial, at);
  at = body.writeInt32BE(1, at); // Nodes that have answered,
  at = body.writeInt32BE(2, at); // and that had to.
  at = body.writeUInt16BE(message.length, at);
  message.copy(body, at); // The type of the write.
  const header = Buffer.alloc(headerBytes);
  header[0] = bytes[0];
  header.writeInt16BE(stream, 2);
  header[4] = opcodes.error;
  header.writeUInt32BE(body.length, 5);
  return Buffer.concat([header, body]);
}

/** Reads a body from its beginning on. */
class Body {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  int(): number {
    return this.bytes.readInt32BE(this.skip(4));
  }

  longString(): string {
    return this.take(this.int()).toString();
  }

  shortBytes(): string {
    return this.take(this.short()).toString('hex');
  }

  passWarnings(): void {
    for (let count = this.short(); count > 0; count -= 1) this.skip(this.short());
  }

  batch(known: PreparedStatements): string[] {
    this.skip(1);
    return Array.from({ length: this.short() }, () => {
      const text = this.bytes[this.skip(1)] === 0 ? this.longString() : (known.get(this.shortBytes()) ?? '');
      // A value that is null or not set has a negative length.
      for (let values = this.short(); values > 0; values -= 1) this.skip(Math.max(0, this.int()));
      return text;
    });
  }

  private short(): number {
    return this.bytes.readUInt16BE(this.skip(2));
  }

  private take(length: number): Buffer {
    const from = this.skip(length);
    return this.bytes.subarray(from, from + length);
  }

  /** Passes over these bytes. Returns where they begin. */
  private skip(length: number): number {
    const from = this.at;
    this.at += length;
    return from;
  }
}
