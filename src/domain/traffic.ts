/** What messages are counted by. */
export interface TrafficKey {
  /** Template of the route, `/oauth2/tokeninfo`, or the name of the composite context. */
  readonly service: string;
  /** How the service was asked: `GET header`, a grant type, or HTTP's method. */
  readonly method: string;
  /** Path of the realm; empty where none was found, `*` beyond the limit of rows. */
  readonly realm: string;
  /** What identifies the client (`MONITORING_CLIENT`); empty for nobody, `*` beyond the limit of rows. */
  readonly client: string;
}

/** The realm and client of the rows for what is beyond the limit. No realm has this path. */
export const beyondLimit = '*';

/** The method of everything that is counted for no method of its own. */
export const otherMethod = 'other';

/**
 * There are never more services than this: routes are templates that the server's code names, and there is one
 * composite context.
 */
export const maxServices = 20;

/** The most rows that are kept free for services and methods, however many rows a bucket may have. */
const mostReserved = 220;

/** How the rows of a bucket are shared out. */
export interface TrafficRoom {
  /** The most rows with a realm and client of their own. */
  readonly named: number;
  /** The most rows for the realms and clients beyond, each of one service and method. */
  readonly methods: number;
}

/**
 * Keeps enough rows free for what is beyond the limit, so that a bucket never has more rows than `maxRows`: named rows,
 * rows of a service and method, and a row for the method `other` of each service.
 */
export function trafficRoom(maxRows: number): TrafficRoom {
  const reserved = Math.min(Math.floor(maxRows * 0.4), mostReserved);
  return { named: maxRows - reserved, methods: reserved - maxServices };
}

/** The messages of one key in a period, and their processing times in whole microseconds. */
export interface TrafficCounts {
  readonly messages: number;
  /** Answers with a status below 400. */
  readonly successes: number;
  /** Answers with a status from 400 to 499. */
  readonly failures: number;
  /** Answers with a status of 500 or more, and those that could not be sent. */
  readonly exceptions: number;
  readonly timeSum: number;
  readonly timeMin: number;
  readonly timeMax: number;
}

export type TrafficRow = TrafficKey & TrafficCounts;

/** What was counted between two flushes. */
export interface TrafficBatch {
  /** A moment of the period, in milliseconds since 1970: it decides the buckets. */
  readonly at: number;
  readonly rows: readonly TrafficRow[];
}

/** The windows that can be looked at, with the resolution of each, in seconds. */
export const trafficWindows = {
  '10m': { seconds: 600, resolution: 60 },
  '1h': { seconds: 3600, resolution: 60 },
  '10h': { seconds: 36_000, resolution: 300 },
  '5d': { seconds: 432_000, resolution: 3600 },
  '90d': { seconds: 7_776_000, resolution: 86_400 },
} as const;

export type TrafficWindow = keyof typeof trafficWindows;

/** The dimensions of `TrafficKey`. */
export const trafficDimensions = ['service', 'method', 'client', 'realm'] as const;

export type TrafficDimension = (typeof trafficDimensions)[number];

export interface TrafficQuery {
  readonly window: TrafficWindow;
  /** Messages are summed by these; all into one when it is empty. */
  readonly by: readonly TrafficDimension[];
  /** Counts only messages with these values. */
  readonly filters: Partial<TrafficKey>;
  /** Counts only messages of this realm and those below it; `/` for all. */
  readonly within: string;
  /** Milliseconds since 1970: the end of the window. */
  readonly now: number;
  /** How many groups at most: those with the most messages. */
  readonly limit: number;
}

/** The sum of a group. It has the members of the query's `by` alone. */
export type TrafficGroup = Partial<TrafficKey> & TrafficCounts;

/** A group in one bucket. */
export type TrafficPoint = TrafficGroup & {
  /** The bucket's begin, in milliseconds since 1970. */
  readonly bucket: number;
};

/** Keeps traffic in buckets of several resolutions. Every method throws StoreUnavailable when it cannot do its work. */
export abstract class TrafficStore {
  /**
   * Adds batches to the buckets of every resolution: all or nothing. Several nodes add up. A bucket never has more
   * rows than `maxRows`; what is beyond is added to the realm and client `*` of its service and method.
   */
  abstract add(batches: readonly TrafficBatch[], maxRows: number): Promise<void>;
  /** The groups with the most messages, busiest first. */
  abstract busiest(query: TrafficQuery): Promise<TrafficGroup[]>;
  /** The same groups bucket by bucket, in the order of time; a bucket without messages is left out. */
  abstract series(query: TrafficQuery): Promise<TrafficPoint[]>;
}
