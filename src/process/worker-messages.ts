import type { Snapshot } from '../monitoring/snapshot.js';

/** What the primary tells a worker: to take no new requests, and to end. */
export interface StopMessage {
  readonly type: 'stop';
}

/** What a worker tells the primary: why its start failed, in words for the operator. */
export interface StartFailedMessage {
  readonly type: 'start_failed';
  readonly reason: string;
}

/** What the primary tells a worker: TLS files may have been renewed. */
export interface ReloadTlsMessage {
  readonly type: 'reload_tls';
}

/** The primary asks a worker for its metrics. */
export interface MetricsWantedMessage {
  readonly type: 'metrics_wanted';
  readonly id: number;
}

/** A worker tells the primary its metrics. */
export interface MetricsMessage {
  readonly type: 'metrics';
  /** That of the question; undefined for the last metrics of a worker that ends. */
  readonly id?: number;
  /** Undefined where they could not be read. */
  readonly snapshot?: Snapshot;
}

/** A worker that is scraped asks the primary for the metrics of all workers. */
export interface MetricsSumWantedMessage {
  readonly type: 'metrics_sum_wanted';
  readonly id: number;
}

/** The primary tells a worker the metrics of all workers together. */
export interface MetricsSumMessage {
  readonly type: 'metrics_sum';
  /** That of the question. */
  readonly id: number;
  readonly snapshot: Snapshot;
}

/** What a worker tells the primary: it takes requests on both listeners. */
export interface ServingMessage {
  readonly type: 'serving';
  /** The public listener's. */
  readonly port: number;
}

/** What the primary asks a worker: whether it can take a connection of the operator's listener now. */
export interface AdminOfferMessage {
  readonly type: 'admin_offer';
}

/** The worker's answer: it can. */
export interface AdminReadyMessage {
  readonly type: 'admin_ready';
}

/** What the primary sends then: the connection itself goes with the message. */
export interface AdminConnectionMessage {
  readonly type: 'admin_connection';
}

/** Other messages may come over the same channel, Node's own among them; they are ignored. */
export function isStopMessage(message: unknown): message is StopMessage {
  return typeOf(message) === 'stop';
}

export function isReloadTlsMessage(message: unknown): message is ReloadTlsMessage {
  return typeOf(message) === 'reload_tls';
}

export function isStartFailedMessage(message: unknown): message is StartFailedMessage {
  return (
    typeOf(message) === 'start_failed' && typeof (message as Partial<StartFailedMessage>).reason === 'string'
  );
}

export function isMetricsWanted(message: unknown): message is MetricsWantedMessage {
  return typeOf(message) === 'metrics_wanted' && hasId(message);
}

export function isMetrics(message: unknown): message is MetricsMessage {
  if (typeOf(message) !== 'metrics') return false;
  const { id, snapshot } = message as Partial<Record<keyof MetricsMessage, unknown>>;
  return (id === undefined || hasId(message)) && (snapshot === undefined || Array.isArray(snapshot));
}

export function isMetricsSumWanted(message: unknown): message is MetricsSumWantedMessage {
  return typeOf(message) === 'metrics_sum_wanted' && hasId(message);
}

export function isMetricsSum(message: unknown): message is MetricsSumMessage {
  return (
    typeOf(message) === 'metrics_sum' &&
    hasId(message) &&
    Array.isArray((message as Partial<Record<keyof MetricsSumMessage, unknown>>).snapshot)
  );
}

export function isServingMessage(message: unknown): message is ServingMessage {
  return typeOf(message) === 'serving' && typeof (message as Partial<ServingMessage>).port === 'number';
}

export function isAdminOfferMessage(message: unknown): message is AdminOfferMessage {
  return typeOf(message) === 'admin_offer';
}

export function isAdminReadyMessage(message: unknown): message is AdminReadyMessage {
  return typeOf(message) === 'admin_ready';
}

export function isAdminConnectionMessage(message: unknown): message is AdminConnectionMessage {
  return typeOf(message) === 'admin_connection';
}

function typeOf(message: unknown): unknown {
  return (message as { readonly type?: unknown } | null | undefined)?.type;
}

function hasId(message: unknown): boolean {
  return typeof (message as { readonly id?: unknown }).id === 'number';
}
