/** Exit statuses of a command that failed. */
export const exitStatus = {
  /** The server refused the request, or the file was refused. */
  refused: 1,
  /** The command was called wrongly. */
  usage: 2,
  /** The server or the database could not be reached, or gave no usable answer. */
  unreachable: 3,
  /** A plan found something to do. */
  pending: 4,
} as const;

/** Ends a command: the message is the one line that the user reads, without secrets. */
export class CommandError extends Error {
  constructor(
    readonly reason: keyof typeof exitStatus,
    message: string,
  ) {
    super(message);
    this.name = 'CommandError';
  }
}
