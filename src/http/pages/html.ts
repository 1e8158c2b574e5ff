/** HTML that can be written as it stands. */
export class Html {
  constructor(readonly text: string) {}
}

/** What a template may hold: text is escaped, HTML is not; nothing is written for `undefined` and `false`. */
export type Content = Html | string | undefined | false | readonly Content[];

/** Line breaks are escaped, too: a parser of HTML changes those that it meets, and a form must send what we were sent. */
const special = /[&<>"'\r\n]/g;

/** Writes HTML. Every value is escaped, for content and for attributes in double quotes. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(
    strings.map((text, index) => (index === 0 ? '' : written(values[index - 1])) + text).join(''),
  );
}

function written(content: Content): string {
  if (content === undefined || content === false) return '';
  if (typeof content === 'string') return content.replace(special, (found) => `&#${found.charCodeAt(0)};`);
  return content instanceof Html ? content.text : content.map(written).join('');
}
