/** Why a change of a client's secrets is refused, in fixed words. */
export const secretRefusals = {
  missing: 'There is no such client or secret.',
  public: 'A public client has no secret.',
  two: 'The client has two secrets: end the previous one, or wait until it has ended.',
  current: 'The current secret is ended by a new one, with the overlap 0.',
  stale: 'The secrets were changed since: look at them again.',
  changed: 'Somebody else changed the client at the same time: look at its secrets again.',
  forbidden: 'The client may do more than whoever would change its secrets.',
} as const;

export type SecretRefusal = keyof typeof secretRefusals;

/** A change of a client's secrets was refused; nothing was changed. */
export class SecretRefused extends Error {
  /** @param version that of the secrets as they are stored, where another one was expected */
  constructor(
    readonly reason: SecretRefusal,
    readonly version?: string,
  ) {
    super(secretRefusals[reason]);
    this.name = 'SecretRefused';
  }
}
