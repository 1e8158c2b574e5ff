import { once } from 'node:events';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { maxFormBytes, readForm } from '../../src/http/request/form-body.js';
import type { FormParameters } from '../../src/http/request/parameters.js';

/** A POST whose body has yet to come. */
function incoming(): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  request.rawHeaders = ['Content-Type', 'application/x-www-form-urlencoded'];
  return request;
}

function read(request: IncomingMessage): Promise<FormParameters> {
  return readForm(request, { typeMayBeMissing: false });
}

/** As a client that sends each byte in a chunk of its own. */
function pushByBytes(request: IncomingMessage, text: string): void {
  for (const character of text) request.push(character);
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

describe('a form in chunks of a byte', () => {
  const longest = `a=${'x'.repeat(maxFormBytes - 6)}&b=1`;

  it('is read up to its longest', async () => {
    const request = incoming();
    pushByBytes(request, longest);
    request.push(null);
    const form = await read(request);
    expect([form.one('a')?.length, form.one('b')]).toEqual([maxFormBytes - 6, '1']);
  });

  it('is refused beyond, and goes by to its end', async () => {
    const request = incoming();
    const form = read(request);
    pushByBytes(request, `${longest}xyz`);
    await expect(form).rejects.toMatchObject({ ...invalidRequest, description: 'The body is too long.' });
    request.push(null);
    await once(request, 'end');
  });
});
