import { once } from 'node:events';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { readForm } from '../../src/http/form-body.js';
import type { Parameters } from '../../src/http/parameters.js';

/** A POST whose body has yet to come. */
function incoming(): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  request.headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return request;
}

function read(request: IncomingMessage): Promise<Parameters> {
  return readForm(request, { typeMayBeMissing: false });
}

const invalidRequest = { code: 'invalid_request' };

describe('a form whose client leaves', () => {
  it('before anybody reads it is refused', async () => {
    const request = incoming();
    request.push('a=1');
    request.destroy();
    await once(request, 'close');
    await expect(read(request)).rejects.toMatchObject(invalidRequest);
  });

  it.each([
    ['quietly', undefined],
    ['by a reset', new Error('ECONNRESET')],
  ])('in its middle is refused: %s', async (_how, error) => {
    const request = incoming();
    request.push('a=1');
    const form = read(request);
    request.destroy(error);
    await expect(form).rejects.toMatchObject(invalidRequest);
  });
});
