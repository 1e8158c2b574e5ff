import { type Colour, contrast, textOn } from './contrast.js';

/** The colours of a scheme; `line` is that of borders which show where a field is. */
interface Scheme {
  readonly page: Colour;
  readonly card: Colour;
  readonly ink: Colour;
  readonly muted: Colour;
  readonly line: Colour;
  readonly link: Colour;
  readonly error: Colour;
  readonly onError: Colour;
}

const light: Scheme = {
  page: '#eef1f5',
  card: '#ffffff',
  ink: '#171a1f',
  muted: '#4a5361',
  line: '#737c8a',
  link: '#0a4fb8',
  error: '#fdecea',
  onError: '#8c1710',
};

const dark: Scheme = {
  page: '#101318',
  card: '#1b2027',
  ink: '#f0f3f7',
  muted: '#b3bcc9',
  line: '#8a94a3',
  link: '#9cc2ff',
  error: '#40150f',
  onError: '#ffc9c2',
};

/** The least contrast of what shows the bounds of a control (WCAG 2.2, 1.4.11). */
const leastEdgeContrast = 3;

/** An accent that hardly differs from the card gets an edge in another colour, so that its buttons can be seen. */
function variables(scheme: Scheme, accent: Colour): string {
  const edge = contrast(accent, scheme.card) >= leastEdgeContrast ? accent : scheme.line;
  const named = Object.entries({ ...scheme, edge }).map(([name, colour]) => `--${name}:${colour}`);
  return `:root{${named.join(';')}}`;
}

/** Rules that are the same for every realm. Sizes are in `rem`, so that they follow the user's font size. */
const rules = `
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;align-items:center;justify-content:center;
padding:1.5rem 1rem;background:var(--page);color:var(--ink);
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Ubuntu,Cantarell,sans-serif}
.card{width:100%;max-width:26rem;background:var(--card);border:1px solid transparent;border-top:.375rem solid var(--accent);
border-radius:.75rem;padding:1.75rem;box-shadow:0 .0625rem .1875rem #0003,0 .5rem 1.5rem #0000001f;overflow-wrap:anywhere}
.brand{margin:0 0 1.25rem;font-weight:600;color:var(--muted)}
h1{margin:0 0 1rem;font-size:1.5rem;line-height:1.25;letter-spacing:-.01em}
h2{margin:1.25rem 0 .5rem;font-size:1rem}
p{margin:0 0 1rem}
.card>:last-child{margin-bottom:0}
ul{margin:0 0 1.25rem;padding:0;list-style:none;border:1px solid #8886;border-radius:.5rem}
li{padding:.625rem .875rem}
li+li{border-top:1px solid #8886}
.muted{color:var(--muted)}
.small{font-size:.875rem}
a{color:var(--link)}
label{display:block;font-weight:600}
input{font:inherit}
input[type=text],input[type=password]{width:100%;min-height:2.75rem;margin:.25rem 0 1rem;padding:.5rem .75rem;
border:1px solid var(--line);border-radius:.5rem;background:var(--card);color:var(--ink)}
.choice{display:flex;gap:.625rem;align-items:flex-start;font-weight:400;margin:0 0 1.25rem;padding:.25rem 0}
.choice input{flex:none;width:1.5rem;height:1.5rem;margin:0;accent-color:var(--link)}
.actions{display:flex;flex-wrap:wrap;gap:.75rem}
button{flex:1 1 8rem;min-height:2.75rem;padding:.5rem 1rem;font:inherit;font-weight:600;border-radius:.5rem;cursor:pointer;
border:1px solid var(--edge);background:var(--accent);color:var(--on-accent)}
button.second{border-color:var(--line);background:transparent;color:var(--ink)}
button:hover{text-decoration:underline}
:focus-visible{outline:.1875rem solid var(--link);outline-offset:.125rem}
.error{padding:.75rem .875rem;border-radius:.5rem;border-left:.25rem solid var(--onError);background:var(--error);color:var(--onError)}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.875em}
@media (max-width:24rem){body{padding:0;justify-content:flex-start;background:var(--card)}
.card{border-radius:0;box-shadow:none;padding:1.25rem 1rem}}
@media (forced-colors:active){.card,button,.error{border:1px solid}}
`;

/** The style sheet of a page. */
export function styleSheet(accent: Colour): string {
  return [
    ':root{color-scheme:light dark;',
    `--accent:${accent};--on-accent:${textOn(accent)}}`,
    variables(light, accent),
    `@media (prefers-color-scheme:dark){${variables(dark, accent)}}`,
    rules.replaceAll('\n', ''),
  ].join('');
}
