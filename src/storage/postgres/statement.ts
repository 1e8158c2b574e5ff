/** Parameterised SQL, and the name of its prepared statement. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  /** Longest wait for the answer in milliseconds, where a statement of many rows exceeds `queryTimeoutMs`. */
  readonly timeoutMs?: number;
  /** What it is for, where it is no statement of a request. */
  readonly purpose?: 'job' | 'check';
}
