/** What the primary tells a worker: to take no new requests, and to end. */
export interface StopMessage {
  readonly type: 'stop';
}

/** What a worker tells the primary: why its start failed, in words for the operator. */
export interface StartFailedMessage {
  readonly type: 'start_failed';
  readonly reason: string;
}

/** Other messages may come over the same channel, Node's own among them; they are ignored. */
export function isStopMessage(message: unknown): message is StopMessage {
  return typeOf(message) === 'stop';
}

export function isStartFailedMessage(message: unknown): message is StartFailedMessage {
  return (
    typeOf(message) === 'start_failed' && typeof (message as Partial<StartFailedMessage>).reason === 'string'
  );
}

function typeOf(message: unknown): unknown {
  return (message as { readonly type?: unknown } | null | undefined)?.type;
}
