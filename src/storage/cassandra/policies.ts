import { type Client, type ExecutionOptions, type HostMap, policies, type types } from 'cassandra-driver';
import { attemptTimeoutMs } from './deadline.js';

type Host = ReturnType<HostMap['values']>[number];

/** For how long a node that did not answer in time is asked last, in milliseconds. */
const suspectForMs = 5_000;

/** How long a read waits for an answer before another node is asked, too, in milliseconds. */
const speculateAfterMs = 200;

/** A node that did not answer in time. */
interface Suspicion {
  /** How long it was waited for, in milliseconds. */
  readonly waitedMs: number;
  /** When it ends, by `performance.now()`. */
  readonly until: number;
}

/** The nodes that did not answer in time. */
export class Suspects {
  private readonly suspicions = new Map<string, Suspicion>();

  /**
   * @param address `host:port`
   * @param waitedMs how long it was waited for, in milliseconds
   */
  add(address: string, waitedMs: number): void {
    const before = this.of(address)?.waitedMs ?? 0;
    const until = performance.now() + suspectForMs;
    this.suspicions.set(address, { waitedMs: Math.max(before, waitedMs), until });
  }

  of(address: string): Suspicion | undefined {
    const suspicion = this.suspicions.get(address);
    return suspicion && suspicion.until > performance.now() ? suspicion : undefined;
  }
}

/** Asks nodes that have the rows, and those of the local datacenter alone; suspects last. */
export class SuspectsLast extends policies.loadBalancing.LoadBalancingPolicy {
  private readonly child: policies.loadBalancing.LoadBalancingPolicy;

  constructor(
    private readonly localDatacenter: string,
    private readonly suspects: Suspects,
  ) {
    super();
    const inDatacenter = new policies.loadBalancing.DCAwareRoundRobinPolicy(localDatacenter);
    this.child = new policies.loadBalancing.TokenAwarePolicy(inDatacenter);
  }

  override init(client: Client, hosts: HostMap, callback: (error: Error) => void): void {
    // The driver leaves a connection open when this fails, so an unknown datacenter is found after connecting.
    const isKnown = hosts.values().some(({ datacenter }) => datacenter === this.localDatacenter);
    if (isKnown) this.child.init(client, hosts, callback);
    else super.init(client, hosts, callback);
  }

  override getDistance(host: Host): types.distance {
    return this.child.getDistance(host);
  }

  override newQueryPlan(
    keyspace: string,
    options: ExecutionOptions | null,
    callback: (error: Error, plan: Iterator<Host>) => void,
  ): void {
    this.child.newQueryPlan(keyspace, options as ExecutionOptions, (error, plan) => {
      if (error) return callback(error, plan);
      const sorted = suspectsLast(plan, this.suspects);
      // For a preparation the driver has no options, and it asks no retry policy.
      callback(error, options ? sorted : suspecting(sorted, this.suspects));
    });
  }
}

function* suspectsLast(plan: Iterator<Host>, suspects: Suspects): Generator<Host> {
  const last: (Suspicion & { readonly host: Host })[] = [];
  // The driver's plans have `next` alone.
  for (let step = plan.next(); !step.done; step = plan.next()) {
    const suspicion = suspects.of(step.value.address);
    if (suspicion) last.push({ ...suspicion, host: step.value });
    else yield step.value;
  }
  // Where all nodes are slow, one that hangs is still the last.
  last.sort((one, other) => one.waitedMs - other.waitedMs || one.until - other.until);
  for (const { host } of last) yield host;
}

/** Whoever asks for another node has had no answer from the one before. */
function* suspecting(plan: Iterator<Host>, suspects: Suspects): Generator<Host> {
  for (let step = plan.next(); !step.done; step = plan.next()) {
    yield step.value;
    suspects.add(step.value.address, attemptTimeoutMs);
  }
}

/** Sends a statement once more, to another node. The driver asks it for idempotent statements alone where it matters. */
export class OnceMoreElsewhere extends policies.retry.RetryPolicy {
  constructor(private readonly suspects: Suspects) {
    super();
  }

  override onRequestError(info: policies.retry.OperationInfo, _: unknown, error: Error): Decision {
    const { host } = error as Error & { host?: string };
    if (host !== undefined) this.suspects.add(host, attemptTimeoutMs);
    return this.elsewhere(info);
  }

  override onReadTimeout(info: policies.retry.OperationInfo): Decision {
    return this.elsewhere(info);
  }

  override onWriteTimeout(info: policies.retry.OperationInfo): Decision {
    return this.elsewhere(info);
  }

  override onUnavailable(info: policies.retry.OperationInfo): Decision {
    return this.elsewhere(info);
  }

  private elsewhere({ nbRetry }: policies.retry.OperationInfo): Decision {
    const rethrow = this.rethrowResult();
    // Without a consistency of its own, which would replace that of the statement.
    return nbRetry > 0 ? rethrow : this.retryResult(rethrow.consistency, false);
  }
}

type Decision = policies.retry.DecisionInfo;

/**
 * Asks a second node for what is read when the first one is slow, which is a suspect from then on. A write is not sent
 * twice.
 */
export class SpeculativeReads extends policies.speculativeExecution.NoSpeculativeExecutionPolicy {
  constructor(private readonly suspects: Suspects) {
    super();
  }

  override newPlan(_: string, query: string | object[]): { nextExecution: (host: Host) => number } {
    let first: Host | undefined;
    const nextExecution = (host: Host) => {
      if (typeof query !== 'string' || !query.startsWith('SELECT')) return -1;
      if (first) {
        // The driver calls it again when the second node has been asked.
        this.suspects.add(first.address, speculateAfterMs);
        return -1;
      }
      first = host;
      return speculateAfterMs;
    };
    return { nextExecution };
  }
}
