/** Exit statuses of a command that failed. */
export const exitStatus = {
  /** The server, or the file, said no. */
  refused: 1,
  /** The command was not called as it wants to be. */
  usage: 2,
  /** The server or the database could not be asked, or gave no answer of its own. */
  unreachable: 3,
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
