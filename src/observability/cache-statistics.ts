/** The counts of one cache since the process was started, and its size. */
export interface CacheStatistics {
  /** What it holds, `access_token`. */
  readonly cache: string;
  readonly entries: number;
  readonly entriesMax: number;
  readonly hits: number;
  readonly misses: number;
  /** Lookups that waited for the read of another one. */
  readonly joined: number;
}

/** Tells the statistics of every cache of this process. */
export abstract class CacheStatisticsSource {
  abstract read(): readonly CacheStatistics[];
}
