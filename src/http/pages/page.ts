import { createHash } from 'node:crypto';
import type { AnswerDetails } from '../../observability/request-observer.js';
import type { Reply } from '../response/reply.js';
import type { Colour } from './contrast.js';
import { type Content, Html, html } from './html.js';
import type { Messages } from './messages.js';
import { styleSheet } from './style.js';

/** How a realm's pages look. */
export interface Branding {
  readonly name: string;
  readonly accent: Colour;
}

/** The look of a realm that has none of its own. */
export const defaultBranding: Branding = { name: 'Symbolon', accent: '#1d4f91' };

/** What all pages of an answer have in common. */
export interface Frame {
  readonly messages: Messages;
  readonly branding: Branding;
}

/** One page. */
export interface Page {
  readonly status?: number;
  readonly title: string;
  /** What the title is preceded by; the page says what is wrong. */
  readonly isError?: boolean;
  readonly body: Content;
  /** The page's one script; nearly all pages have none. */
  readonly script?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Values of `Set-Cookie`. */
  readonly cookies?: readonly string[];
  readonly details?: AnswerDetails;
}

/**
 * Headers of every page. There is no `Cross-Origin-Opener-Policy`: it would cut off an application that has opened us in a
 * window of its own. With the referrer policy `no-referrer`, browsers would send our own forms with `Origin: null`.
 */
export const pageHeaders = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  Pragma: 'no-cache',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin',
} as const;

/** Makes the answer that shows a page. */
export function pageReply({ messages, branding }: Frame, page: Page): Reply {
  const style = styleSheet(branding.accent);
  const title = page.isError ? messages.errorTitle(page.title) : page.title;
  const document = html`<!doctype html>
    <html lang="${messages.lang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title} – ${branding.name}</title>
        <link rel="icon" href="data:," />
        ${element('style', style)}
      </head>
      <body>
        <main class="card">
          <p class="brand">${branding.name}</p>
          ${page.body}
        </main>
        ${page.script !== undefined && element('script', page.script)}
      </body>
    </html> `;
  return {
    status: page.status ?? 200,
    headers: { ...pageHeaders, 'Content-Security-Policy': policy(style, page.script), ...page.headers },
    cookies: page.cookies,
    body: document.text,
    details: page.details,
  };
}

/**
 * The content security policy. It has no `form-action`: Chromium would hold every redirect after a form to it, those of the
 * application's own callback among them.
 */
function policy(style: string, script: string | undefined): string {
  const scripts = script === undefined ? [] : [`script-src '${hashOf(script)}'`];
  return [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    ...scripts,
    'img-src data:',
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** An element whose text is ours, and is not HTML. Its hash is in the policy, so not a space may be added. */
function element(name: 'style' | 'script', text: string): Html {
  return new Html(`<${name}>${text}</${name}>`);
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
