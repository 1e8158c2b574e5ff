import type { MetricsLabel } from '../config/operations-config.js';
import type { AnswerDetails } from '../observability/request-observer.js';
import type { Labels } from './snapshot.js';

/** How many realms, clients, or pairs of both, have series of their own; those that come later share one. */
const maxSubjects = 200;

/** The labels `realm` and `client` that METRICS_LABELS adds. Each combination is one object for as long as it lives. */
export class SubjectLabels {
  private readonly none: Labels = {};
  private readonly known = new Map<string, Map<string, Labels>>();
  private count = 0;
  private readonly withRealm: boolean;
  private readonly withClient: boolean;
  private readonly others: Labels;

  constructor(labels: readonly MetricsLabel[]) {
    this.withRealm = labels.includes('realm');
    this.withClient = labels.includes('client');
    this.others = this.labelsOf('other', 'other');
  }

  /** The labels of an answer; without any where the setting names none. A value is empty where nothing is known. */
  of({ realm = '', clientId = '' }: AnswerDetails): Labels {
    if (!this.withRealm && !this.withClient) return this.none;
    const realmKey = this.withRealm ? realm : '';
    const clientKey = this.withClient ? clientId : '';
    return this.known.get(realmKey)?.get(clientKey) ?? this.add(realmKey, clientKey);
  }

  private add(realm: string, client: string): Labels {
    if (this.count >= maxSubjects) return this.others;
    this.count += 1;
    const clients = this.known.get(realm) ?? new Map<string, Labels>();
    const labels = this.labelsOf(realm, client);
    this.known.set(realm, clients.set(client, labels));
    return labels;
  }

  private labelsOf(realm: string, client: string): Labels {
    return { ...(this.withRealm && { realm }), ...(this.withClient && { client }) };
  }
}
