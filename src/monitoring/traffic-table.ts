import {
  beyondLimit,
  otherMethod,
  type TrafficCounts,
  type TrafficKey,
  type TrafficRoom,
  trafficRoom,
  type TrafficRow,
} from '../domain/traffic.js';

/** The counts of one key. Times are in whole microseconds. */
export class TrafficCell implements TrafficCounts {
  messages = 0;
  successes = 0;
  failures = 0;
  exceptions = 0;
  timeSum = 0;
  timeMin = Infinity;
  timeMax = 0;

  add(counts: TrafficCounts): void {
    this.messages += counts.messages;
    this.successes += counts.successes;
    this.failures += counts.failures;
    this.exceptions += counts.exceptions;
    this.timeSum += counts.timeSum;
    this.timeMin = Math.min(this.timeMin, counts.timeMin);
    this.timeMax = Math.max(this.timeMax, counts.timeMax);
  }
}

type Clients = Map<string, TrafficCell>;
type Realms = Map<string, Clients>;
type Methods = Map<string, Realms>;

/**
 * The counts of one period by service, method, realm and client. It never has more rows than its limit: the realms and
 * clients beyond are counted together, so that the sums stay exact.
 */
export class TrafficTable {
  private readonly services = new Map<string, Methods>();
  private readonly room: TrafficRoom;
  private named = 0;
  /** Rows of `beyondLimit`, but for those of the method `other`. */
  private beyond = 0;

  constructor(maxRows: number) {
    this.room = trafficRoom(maxRows);
  }

  get isEmpty(): boolean {
    return this.services.size === 0;
  }

  /** The cell that a message of this key is counted in. A known key costs four lookups and no allocation. */
  cell(service: string, method: string, realm: string, client: string): TrafficCell {
    return this.find(service, method, realm, client) ?? this.admit(service, method, realm, client);
  }

  rows(): TrafficRow[] {
    const rows: TrafficRow[] = [];
    for (const [service, methods] of this.services) {
      for (const [method, realms] of methods) {
        for (const [realm, clients] of realms) {
          for (const [client, cell] of clients) rows.push({ service, method, realm, client, ...cell });
        }
      }
    }
    return rows;
  }

  addAll(rows: readonly TrafficRow[]): void {
    for (const row of rows) this.cell(row.service, row.method, row.realm, row.client).add(row);
  }

  private find(service: string, method: string, realm: string, client: string): TrafficCell | undefined {
    return this.services.get(service)?.get(method)?.get(realm)?.get(client);
  }

  private admit(service: string, method: string, realm: string, client: string): TrafficCell {
    if (realm === beyondLimit || this.named >= this.room.named) return this.rest(service, method);
    const kept = storable(client);
    const known = this.find(service, method, realm, kept);
    if (known) return known;
    this.named += 1;
    return this.make({ service, method, realm, client: kept });
  }

  /** The cell for the realms and clients of a service and method that have none of their own. */
  private rest(service: string, method: string): TrafficCell {
    const known = this.find(service, method, beyondLimit, beyondLimit);
    if (known) return known;
    if (method !== otherMethod) {
      if (this.beyond >= this.room.methods) return this.rest(service, otherMethod);
      this.beyond += 1;
    }
    return this.make({ service, method, realm: beyondLimit, client: beyondLimit });
  }

  private make({ service, method, realm, client }: TrafficKey): TrafficCell {
    const methods = getOrMake<Methods>(this.services, service);
    const realms = getOrMake<Realms>(methods, method);
    const clients = getOrMake<Clients>(realms, realm);
    const cell = new TrafficCell();
    clients.set(client, cell);
    return cell;
  }
}

function getOrMake<Inner extends Map<string, unknown>>(outer: Map<string, Inner>, key: string): Inner {
  let inner = outer.get(key);
  if (!inner) {
    inner = new Map<string, unknown>() as Inner;
    outer.set(key, inner);
  }
  return inner;
}

/**
 * A copy of the text that PostgreSQL can store: without NUL and without halves of surrogate pairs. It is a copy because
 * a part of a text, as it comes out of a selector, keeps the whole text in memory.
 */
function storable(text: string): string {
  return Buffer.from(text.replaceAll('\0', '')).toString();
}
