/** A metric as dashboards and alerts rely on it. */
export interface ContractMetric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  /** Upper bounds of the buckets. */
  readonly bounds?: readonly number[];
}

const toTenSeconds = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];
const between = (first: number, last: number) =>
  toTenSeconds.filter((bound) => bound >= first && bound <= last);

const counter = (name: string, ...labels: string[]): ContractMetric => ({ name, type: 'counter', labels });
const gauge = (name: string, ...labels: string[]): ContractMetric => ({ name, type: 'gauge', labels });
const histogram = (name: string, bounds: readonly number[], ...labels: string[]): ContractMetric => ({
  ...{ name, type: 'histogram', labels, bounds },
});

/** Every metric of ours, without the labels that METRICS_LABELS adds. */
export const contract: readonly ContractMetric[] = [
  histogram(
    'http_server_request_duration_seconds',
    toTenSeconds,
    ...['http_request_method', 'http_route', 'http_response_status_code'],
  ),
  counter('symbolon_inspections_total', 'flavour', 'outcome'),
  counter('symbolon_token_requests_total', 'grant_type', 'result'),
  counter('symbolon_refresh_reuse_total'),
  counter('symbolon_revocations_total'),
  counter('symbolon_store_unavailable_total'),
  counter('symbolon_throttled_total', 'limit'),
  counter('symbolon_purged_rows_total'),
  counter('symbolon_monitoring_dropped_total'),
  counter('symbolon_change_feed_losses_total'),
  counter('symbolon_cache_lookups_total', 'cache', 'result'),
  gauge('symbolon_cache_entries', 'cache'),
  gauge('symbolon_cache_entries_max', 'cache'),
  gauge('symbolon_change_feed_current'),
  histogram('symbolon_change_feed_delay_seconds', between(0.001, 5)),
  gauge('db_client_connection_count', 'db_client_connection_state'),
  gauge('db_client_connection_max'),
  gauge('db_client_connection_pending_requests'),
  gauge('symbolon_store_queue_entries', 'queue'),
  gauge('symbolon_store_queue_entries_max', 'queue'),
  counter('symbolon_store_queue_refused_total', 'queue'),
  histogram('db_client_operation_duration_seconds', between(0.0005, 2.5), 'db_operation_name'),
  histogram('symbolon_hash_duration_seconds', between(0.005, 2.5), 'operation'),
  gauge('symbolon_hash_waiting'),
  counter('symbolon_hash_refused_total'),
  gauge('symbolon_purge_backlog_seconds'),
  gauge('symbolon_access_tokens_estimate'),
  gauge('symbolon_workers', 'state'),
  gauge('symbolon_build_info', 'version', 'node', 'database'),
];

/** The metrics that METRICS_LABELS adds labels to. */
export const labelled: readonly string[] = [
  'symbolon_inspections_total',
  'symbolon_refresh_reuse_total',
  'symbolon_revocations_total',
  'symbolon_token_requests_total',
];
