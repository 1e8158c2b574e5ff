/** This database cannot be used as it is. The message is written for the operator, and holds no secret. */
export class DatabaseRefused extends Error {
  constructor(reason: string) {
    super(`DATABASE_URL: ${reason}`);
    this.name = 'DatabaseRefused';
  }
}
