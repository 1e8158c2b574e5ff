import type { MonitoringConfig } from '../config/operations-config.js';
import { otherMethod, type TrafficRow } from '../domain/traffic.js';
import type { AnswerDetails, ObservedRequest, RequestObserver } from '../observability/request-observer.js';
import { knownMethods } from './known-methods.js';
import { TrafficTable } from './traffic-table.js';

/** The longest text that identifies a client, in characters; a longer one is cut off. */
const maxClientLength = 256;

/** The routes of the services that the composite context counts together: Axway's. */
const compositeRoutes = '/api/oauth/';

/**
 * Counts messages by service, method, realm and client, as the monitoring settings of Axway's filters do. A message is
 * an answer of a service: a success (status below 400), a failure (4xx) or an exception (5xx, or it could not be sent).
 * What no route took, 404 and the routes that are left out are not counted.
 */
export class TrafficCounter implements RequestObserver {
  private table: TrafficTable;
  private readonly clientOf: (details: AnswerDetails) => string;

  /** @param uncounted templates of the routes that are no services, such as health checks */
  constructor(
    private readonly config: Pick<MonitoringConfig, 'count' | 'client' | 'composite' | 'rows'>,
    private readonly uncounted: ReadonlySet<string>,
  ) {
    this.table = new TrafficTable(config.rows);
    this.clientOf = config.count === 'clients' ? clientBy(config.client) : () => '';
  }

  observe(request: ObservedRequest): void {
    const { route, status, failed } = request;
    if (route === undefined || status === 404 || this.uncounted.has(route)) return;
    // The caller left before there was an answer.
    if (status === undefined && !failed) return;
    const { operation, details } = request;
    const method = operation ?? (knownMethods.has(request.method) ? request.method : otherMethod);
    const realm = details.realm ?? '';
    const client = this.clientOf(details);
    const time = Math.round((request.endedAt - request.takenAt) * 1000);
    const outcome = failed ? 500 : (status ?? 500);
    this.count(route, method, realm, client, outcome, time);
    const { composite } = this.config;
    if (composite !== undefined && route.startsWith(compositeRoutes)) {
      this.count(composite, method, realm, client, outcome, time);
    }
  }

  /** Returns what was counted since the last call, and begins again. */
  take(): TrafficRow[] {
    const { table } = this;
    if (table.isEmpty) return [];
    this.table = new TrafficTable(this.config.rows);
    return table.rows();
  }

  private count(
    service: string,
    method: string,
    realm: string,
    client: string,
    status: number,
    time: number,
  ): void {
    const cell = this.table.cell(service, method, realm, client);
    cell.messages += 1;
    if (status < 400) cell.successes += 1;
    else if (status < 500) cell.failures += 1;
    else cell.exceptions += 1;
    cell.timeSum += time;
    if (time < cell.timeMin) cell.timeMin = time;
    if (time > cell.timeMax) cell.timeMax = time;
  }
}

/** Finds what identifies the client of an answer; without it, the client that was authenticated or owns the token. */
function clientBy(setting: MonitoringConfig['client']): (details: AnswerDetails) => string {
  switch (setting) {
    case 'subject':
      return ({ username, clientId }) => limited(username ?? clientId ?? '');
    case 'application':
      return ({ application, clientId }) => limited(application ?? clientId ?? '');
    default:
      return ({ selectedClient, clientId }) => limited(selectedClient ?? clientId ?? '');
  }
}

function limited(text: string): string {
  return text.length > maxClientLength ? text.slice(0, maxClientLength) : text;
}
