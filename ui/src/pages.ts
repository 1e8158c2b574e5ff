import type { FunctionComponent } from 'preact';
import { AuditPage } from './pages/audit/audit.js';
import { LegacyPage } from './pages/legacy/legacy.js';
import { NowPage } from './pages/now/now.js';
import { RefusalsPage } from './pages/refusals/refusals.js';
import { ClientsPage, RealmsPage, UsersPage } from './pages/subjects/subjects.js';
import { SystemPage } from './pages/system/system.js';
import { TokensPage } from './pages/tokens/tokens.js';
import { TrafficPage } from './pages/traffic/traffic.js';

/** A page of the dashboard. Its path is also named in `src/admin/dashboard/dashboard.controller.ts`. */
interface PageEntry {
  readonly path: string;
  readonly title: string;
  /** The key that goes there after `g`. */
  readonly letter: string;
  readonly component: FunctionComponent;
}

/** All pages, in the order of the navigation. */
export const pages: readonly PageEntry[] = [
  { path: '/', title: 'Now', letter: 'n', component: NowPage },
  { path: '/traffic', title: 'Traffic', letter: 't', component: TrafficPage },
  { path: '/refusals', title: 'Refusals', letter: 'r', component: RefusalsPage },
  { path: '/legacy', title: 'Legacy use', letter: 'l', component: LegacyPage },
  { path: '/clients', title: 'Clients', letter: 'c', component: ClientsPage },
  { path: '/users', title: 'Users', letter: 'u', component: UsersPage },
  { path: '/realms', title: 'Realms', letter: 'm', component: RealmsPage },
  { path: '/tokens', title: 'Tokens', letter: 'k', component: TokensPage },
  { path: '/audit', title: 'Audit', letter: 'a', component: AuditPage },
  { path: '/system', title: 'System', letter: 's', component: SystemPage },
];
