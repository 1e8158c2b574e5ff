import { Histogram } from './histogram.js';

/** How long the change feed's heartbeats take to come back, in seconds. */
export class HeartbeatDelays extends Histogram {
  constructor() {
    super([0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]);
  }
}
