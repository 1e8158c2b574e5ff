import { createServer } from 'node:http';
import type { RecordedAnswer } from '../connection.js';
import { listen } from './listen.js';

/** Bare `node:http`: reads each request to its end, and sends the argument's answer, as fast as Node can. */
const { status, reason, headers, body } = JSON.parse(process.argv[2]) as RecordedAnswer;
const lines = [...headers];

listen(
  createServer((request, response) => {
    const answer = () => response.writeHead(status, reason, lines).end(body);
    if (request.method === 'GET') answer();
    else request.resume().once('end', answer);
  }),
);
