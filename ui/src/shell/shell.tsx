import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { pages } from '../pages.js';
import { Dialog } from '../parts/dialog.js';
import { LoginForm } from '../session/login.js';
import { useSession } from '../session/session.js';
import { Header } from './header.js';
import { Help } from './help.js';
import { useKeys } from './keys.js';
import { useSetting } from './settings.js';
import { useView } from './view.js';

/** What stands around every page. */
export function Shell({ children }: { readonly children: ComponentChildren }) {
  const { tokenRefused } = useSession();
  const { link, open, realm } = useView();
  const [help, setHelp] = useState(false);
  const [keys, setKeys] = useSetting('keys', ['on', 'off']);
  const search = useRef<HTMLInputElement>(null);
  useKeys(keys === 'on', {
    open: useCallback((path: string) => open(link(path)), [realm]),
    search: useCallback(() => search.current?.focus(), []),
    help: useCallback(() => setHelp(true), []),
  });
  return (
    <>
      <a class="skip" href="#content" target="_self">
        Skip to the content
      </a>
      <Header search={search} onHelp={() => setHelp(true)} />
      <Navigation />
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      {help && (
        <Help
          keysOn={keys === 'on'}
          onKeys={(on) => setKeys(on ? 'on' : 'off')}
          onClose={() => setHelp(false)}
        />
      )}
      {tokenRefused && (
        <Dialog title="The token is not active any more">
          <LoginForm />
        </Dialog>
      )}
    </>
  );
}

function Navigation() {
  const { path, link } = useView();
  const navigation = useRef<HTMLElement>(null);
  useEffect(() => {
    // In a narrow window it scrolls.
    const current = navigation.current?.querySelector('[aria-current]');
    current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [path]);
  return (
    <nav ref={navigation} class="pages" aria-label="Pages">
      {pages.map((page) => (
        <a key={page.path} href={link(page.path)} aria-current={page.path === path ? 'page' : undefined}>
          {page.title}
        </a>
      ))}
    </nav>
  );
}
