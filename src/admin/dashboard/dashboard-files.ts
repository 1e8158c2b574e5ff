import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { Reply } from '../../http/response/reply.js';
import { fileReply, ownFilesPolicy } from '../file-reply.js';

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Nothing inline either. */
export const dashboardPolicy = ownFilesPolicy();

/** How caches treat a file whose name has its hash (RFC 8246). */
export const immutable = 'public, max-age=31536000, immutable';

/** The built dashboard, in memory: one page, and the files that it names. */
export class DashboardFiles {
  /** The answer with the page. */
  readonly page: Reply;
  private readonly assets: ReadonlyMap<string, Reply>;

  /**
   * @param folder what `npm run build` has made
   * @throws Error for a folder that is not a built dashboard
   */
  constructor(folder: URL) {
    const page = readFileSync(new URL('index.html', folder), 'utf8');
    this.page = fileReply('text/html; charset=utf-8', page, { 'Content-Security-Policy': dashboardPolicy });
    const assetFolder = new URL('assets/', folder);
    const names = readdirSync(assetFolder);
    this.assets = new Map(
      names.map((name) => [name, assetReply(name, readFileSync(new URL(name, assetFolder), 'utf8'))]),
    );
  }

  /** The answer with the asset of this name; undefined when there is none. */
  asset(name: string): Reply | undefined {
    return this.assets.get(name);
  }
}

/** A file whose name has its hash: whatever has that name has this content. */
function assetReply(name: string, body: string): Reply {
  const type = types[extname(name)];
  if (type === undefined) throw new Error(`The dashboard has a file of an unknown type: ${name}`);
  return fileReply(type, body, { 'Cache-Control': immutable });
}
