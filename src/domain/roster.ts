/** What a node says of itself. A worker is a node. */
export interface NodeReport {
  /** A UUID, made at its start. */
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  /** Version of the program. */
  readonly version: string;
  /** Milliseconds since 1970, as `seen`. */
  readonly started: number;
  readonly seen: number;
  /** Whether it receives the changes of the other nodes. */
  readonly hears: boolean;
  readonly cacheHits: number;
  readonly cacheMisses: number;
  /** Resident memory in bytes. */
  readonly rss: number;
  /** Seconds of processor time since its start. */
  readonly cpu: number;
}

/** How long after its last report a node is listed, in milliseconds. */
export const nodeListedMs = 3_600_000;

/** The nodes that share a database. Every method throws StoreUnavailable when it cannot do its work. */
export abstract class NodeRoster {
  /** Adds a node, or replaces its last report. */
  abstract report(node: NodeReport): Promise<void>;
  /** The nodes that were seen in the last `nodeListedMs`, by host and process. At most 1,000. */
  abstract list(now: number): Promise<NodeReport[]>;
}
