import { createHash } from 'node:crypto';
import { consentPage } from '../../src/http/pages/consent.page.js';
import { type Colour, contrast, textOn } from '../../src/http/pages/contrast.js';
import { faultPage } from '../../src/http/pages/fault.page.js';
import { formPostPage } from '../../src/http/pages/form-post.page.js';
import { html } from '../../src/http/pages/html.js';
import { loginPage } from '../../src/http/pages/login.page.js';
import { logoutPage } from '../../src/http/pages/logout.page.js';
import { languages, messagesIn } from '../../src/http/pages/messages.js';
import { signedOutPage } from '../../src/http/pages/signed-out.page.js';
import { styleSheet } from '../../src/http/pages/style.js';
import type { Reply } from '../../src/http/response/reply.js';

/** Text that would do harm, were it written as it stands. */
const hostile = '<script>"\'&amp;</style>';

/** Every page, with hostile text wherever text comes from a caller or a registration. */
function pages(lang: string, accent: Colour = '#1d4f91'): Readonly<Record<string, Reply>> {
  const frame = { messages: messagesIn([lang]), branding: { name: hostile, accent } };
  const csrf = hostile;
  const action = hostile;
  const client = hostile;
  const username = hostile;
  return {
    login: loginPage(frame, { action, csrf, client }),
    refused: loginPage(frame, { action, csrf, client, username, wrong: true, status: 403 }),
    consent: consentPage(frame, {
      ...{ action, csrf, client, username, description: hostile, scopes: [hostile, 'read'] },
      ...{ destination: hostile, otherUser: hostile, canRemember: true },
    }),
    logout: logoutPage(frame, { csrf, username }),
    'signed out': signedOutPage(frame),
    fault: faultPage(frame, { status: 400, fault: 'malformed', code: hostile, reference: hostile }),
    form_post: formPostPage(frame, { redirectUri: hostile, parameters: [[hostile, hostile]] }),
  };
}

const every = languages.flatMap((lang) =>
  Object.entries(pages(lang)).map(([name, page]) => [`${name}, ${lang}`, page, lang] as const),
);

describe('html', () => {
  it('escapes text, and the line breaks that a parser would change', () => {
    expect(html`<p title="${`<>"'&`}">${'a\r\nb'}</p>`.text).toBe(
      '<p title="&#60;&#62;&#34;&#39;&#38;">a&#13;&#10;b</p>',
    );
  });

  it('writes HTML and lists as they are, and nothing for what is not there', () => {
    expect(html`${undefined}${false}${[html`<b>${'<'}</b>`, 'x']}`.text).toBe('<b>&#60;</b>x');
  });
});

describe.each(every)('the page %s', (_name, page, lang) => {
  it('shows no text of others as HTML', () => {
    expect(page.body).not.toContain(hostile);
    const rest = page.body.replaceAll(/&#60;script&#62;&#34;&#39;&#38;amp;&#60;\/style&#62;/g, '');
    expect(rest).not.toMatch(/&#60;|&amp;/);
  });

  it('has a language, one h1, a title, and a label for each field', () => {
    expect(page.body).toContain(`<html lang="${lang}">`);
    expect(page.body.match(/<h1>/g)).toHaveLength(1);
    expect(page.body).toMatch(/<title>[^<]+<\/title>/);
    const fields = [...page.body.matchAll(/<input\s+type="(?:text|password)"\s+id="(\w+)"/g)].map(
      ([, id]) => id,
    );
    for (const id of fields) expect(page.body).toContain(`<label for="${id}">`);
  });

  it('has a policy that lets in its own style and script alone', () => {
    const hash = (element: string) => {
      const [, text] = new RegExp(`<${element}>([^]*?)</${element}>`).exec(page.body) ?? [];
      return text && `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    };
    const script = hash('script');
    expect(page.headers['Content-Security-Policy']).toBe(
      `default-src 'none'; style-src ${hash('style')}; ${script ? `script-src ${script}; ` : ''}` +
        "img-src data:; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(page.body).not.toMatch(/ (?:style|on\w+)=/);
  });

  it('has the headers of every page, and none that would break a window of the application', () => {
    expect({ ...page.headers, 'Content-Security-Policy': '' }).toEqual({
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      Pragma: 'no-cache',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'same-origin',
      'Content-Security-Policy': '',
    });
  });
});

it.each(Object.keys(pages('en')).filter((name) => name !== 'form_post'))('%s has no script', (name) => {
  expect(pages('en')[name].body).not.toContain('<script>');
});

describe('an error', () => {
  it.each([
    ['en', 'Error: Sign in – '],
    ['de', 'Fehler: Anmelden – '],
  ])('is told in the title, as an alert, and with the fields (%s)', (lang, title) => {
    const { body, status } = pages(lang).refused;
    expect(status).toBe(403);
    expect(body).toContain(`<title>${title}`);
    expect(body).toMatch(/<p class="error" id="error" role="alert">/);
    expect(body.match(/aria-invalid="true" aria-describedby="error"/g)).toHaveLength(2);
  });
});

describe('the focus', () => {
  it.each([
    ['login', 'username'],
    ['refused', 'password'],
  ])('of the page %s begins in the first empty field', (page, field) => {
    const focused = [...pages('en')[page].body.matchAll(/<input[^>]*\sid="(\w+)"[^>]*\sautofocus\s*\/?>/g)];
    expect(focused.map(([, id]) => id)).toEqual([field]);
  });
});

describe('languages', () => {
  it.each([
    [[], 'en'],
    [['fr', 'DE-at', 'en'], 'de'],
    [['de_CH'], 'de'],
    [['english'], 'en'],
    [['x'.repeat(10_000)], 'en'],
  ])('%j are answered in %s', (tags, lang) => {
    expect(messagesIn(tags).lang).toBe(lang);
  });
});

describe('an accent', () => {
  const accents = ['#000000', '#ffffff', '#ffd700', '#777777', '#767676', '#d2042d', '#1d4f91'] as const;

  it.each(accents)('%s has a text that can be read on it (WCAG 1.4.3)', (accent) => {
    expect(contrast(accent, textOn(accent))).toBeGreaterThanOrEqual(4.5);
    expect(styleSheet(accent)).toContain(`--accent:${accent};--on-accent:${textOn(accent)}`);
  });

  it.each(accents)('%s leaves the edge of a button to be seen in both schemes (WCAG 1.4.11)', (accent) => {
    const cards = [...styleSheet(accent).matchAll(/--card:(#\w{6}).*?--edge:(#\w{6})/g)];
    expect(cards).toHaveLength(2);
    for (const [, card, edge] of cards) {
      expect(contrast(card as Colour, edge as Colour)).toBeGreaterThanOrEqual(3);
    }
  });

  it('is measured as WCAG has it', () => {
    expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.478, 3);
  });
});

it('every colour of text can be read on its background, in both schemes (WCAG 1.4.3)', () => {
  const schemes = [...styleSheet('#1d4f91').matchAll(/:root\{(--page[^}]*)\}/g)];
  expect(schemes).toHaveLength(2);
  for (const [, text] of schemes) {
    const colours = Object.fromEntries(
      [...text.matchAll(/--(\w+):(#\w{6})/g)].map(([, name, colour]) => [name, colour as Colour]),
    );
    for (const ink of ['ink', 'muted', 'link']) {
      expect(contrast(colours[ink], colours.card)).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast(colours.onError, colours.error)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colours.line, colours.card)).toBeGreaterThanOrEqual(3);
  }
});
