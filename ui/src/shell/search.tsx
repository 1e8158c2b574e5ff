import type { Ref } from 'preact';
import { useState } from 'preact/hooks';
import type { FoundSubject } from '../api/answers.js';
import { withQuery } from '../api/client.js';
import { useResource } from '../api/resource.js';
import { pages } from '../pages.js';
import { Combobox, type Option } from '../parts/combobox.js';
import { usePaused } from './paused.js';
import { targetOf } from './search-targets.js';
import { useView } from './view.js';

/** A correlation id, as answers have it in `X-Correlation-Id`. */
const correlationId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Finds realms, clients and users by the beginnings of their names, refusals by correlation ids, and pages. */
export function Search({ input }: { readonly input: Ref<HTMLInputElement> }) {
  const { link, open } = useView();
  const [text, setText] = useState('');
  const sought = text.trim();
  const asked = usePaused(sought);
  const address = asked === '' ? undefined : withQuery('/admin/v1/search', { q: asked });
  const found = useResource<{ readonly items: readonly FoundSubject[] }>(address, false);
  const items = sought === '' ? [] : (found.body?.items ?? []);
  const to = (key: string, label: string, detail: string, url: string): Option => ({
    ...{ key, label, detail },
    choose: () => open(url),
  });
  const options = [
    ...(correlationId.test(sought) ? [to(sought, sought, 'refusal', link('/refusals', { id: sought }))] : []),
    ...items.map((subject) => {
      const { kind, realm, name, title } = subject;
      const label = title === undefined ? (name ?? realm) : `${name} · ${title}`;
      const where = name === undefined ? kind : `${kind} of ${realm}`;
      return to(`${kind} ${realm} ${name}`, label, where, link(...targetOf(subject)));
    }),
    ...pages
      .filter(({ title }) => sought !== '' && title.toLowerCase().includes(sought.toLowerCase()))
      .map(({ title, path }) => to(path, title, 'page', link(path))),
  ];
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
