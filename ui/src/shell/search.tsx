import type { Ref } from 'preact';
import { useState } from 'preact/hooks';
import { Combobox, type Option } from '../parts/combobox.js';
import { pages } from '../pages.js';
import { useView } from './view.js';

/** A correlation id, as answers have it in `X-Correlation-Id`. */
const correlationId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Finds a page by its title, and a refusal by its correlation id. */
export function Search({ input }: { readonly input: Ref<HTMLInputElement> }) {
  const { link, open } = useView();
  const [text, setText] = useState('');
  const sought = text.trim().toLowerCase();
  const options: Option[] = [];
  if (correlationId.test(sought)) {
    const url = link('/refusals', { id: sought });
    options.push({ key: sought, label: sought, detail: 'refusal', choose: () => open(url) });
  }
  for (const { title, path } of pages) {
    if (sought === '' || !title.toLowerCase().includes(sought)) continue;
    options.push({ key: path, label: title, detail: 'page', choose: () => open(link(path)) });
  }
  return (
    <Combobox
      label="Search"
      placeholder="Search  /"
      text={text}
      onText={setText}
      options={options}
      nothing={sought === '' ? undefined : 'Nothing found'}
      input={input}
      onLeave={() => setText('')}
    />
  );
}
