import type { Socket } from 'node:net';

/** How long a client has to read the last answer and to close its side, in milliseconds. */
const graceMs = 1_000;

/**
 * Closes a connection in stages (RFC 9112 §9.6): our side first, the other one when the client has closed it, or after
 * a second. A connection that is closed with input left unread is reset, and the client may lose the answer.
 * @param lastWords are sent before
 */
export function closeGently(socket: Socket, lastWords = ''): void {
  if (!socket.writable) return;
  socket.end(lastWords, () => {
    const deadline = setTimeout(() => socket.destroy(), graceMs).unref();
    socket.once('close', () => clearTimeout(deadline));
  });
}
