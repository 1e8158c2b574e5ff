/** What the table groups by, as Axway's API Gateway Manager has it, and by realm. */
export const tabs = ['service', 'method', 'client', 'realm'] as const;
export type Tab = (typeof tabs)[number];

export const tabTitles: Readonly<Record<Tab, string>> = {
  service: 'Services',
  method: 'Methods',
  client: 'Clients',
  realm: 'Realms',
};

/** Where a row leads: its own messages, grouped by what is of interest then. */
export const nextTab: Readonly<Record<Tab, Tab>> = {
  service: 'method',
  method: 'client',
  client: 'service',
  realm: 'service',
};
