import { LocationProvider } from 'preact-iso/router';
import { pages } from './pages.js';
import { Page } from './parts/page.js';
import { LoginPage } from './session/login.js';
import { SessionProvider, useSession } from './session/session.js';
import { Shell } from './shell/shell.js';
import { useView } from './shell/view.js';

/** @param code for a login, as the demo shows it */
export function App({ code }: { readonly code?: string }) {
  return (
    <SessionProvider>
      <LocationProvider>
        <Content code={code} />
      </LocationProvider>
    </SessionProvider>
  );
}

function Content({ code }: { readonly code?: string }) {
  const { caller } = useSession();
  const { path } = useView();
  if (!caller) return <LoginPage code={code} />;
  const Current = pages.find((page) => page.path === path)?.component ?? NoPage;
  return (
    <Shell>
      <Current key={path} />
    </Shell>
  );
}

function NoPage() {
  return (
    <Page title="No such page" shows={[]}>
      <p class="state">The navigation has all pages.</p>
    </Page>
  );
}
