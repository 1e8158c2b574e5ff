/**
 * Asks until the answer is another than 503, which a server gives while it is too busy and which tells a client to come
 * back: a race on a slow machine has as many answers as one on a fast one.
 */
export async function patientFetch(url: string, init: RequestInit): Promise<Response> {
  for (;;) {
    const answer = await fetch(url, init);
    if (answer.status !== 503) return answer;
    await answer.text();
  }
}
