/** What can be wrong with a request so that it is answered by a page, and never by a redirect. */
export type PageFault =
  | 'malformed'
  | 'unknown_client'
  | 'redirect_uri_mismatch'
  | 'forged'
  | 'no_such_realm'
  | 'method'
  | 'throttled'
  | 'unavailable'
  | 'fault';

/** Every text of the pages in one language. */
export interface Messages {
  /** The language's tag (RFC 5646). */
  readonly lang: 'en' | 'de';
  /** Before the title of a page that shows an error. */
  readonly errorTitle: (title: string) => string;
  readonly login: {
    readonly title: string;
    readonly toClient: (client: string) => string;
    readonly username: string;
    readonly password: string;
    readonly submit: string;
    readonly wrong: string;
  };
  readonly consent: {
    readonly title: (client: string) => string;
    readonly scopes: string;
    readonly returnTo: string;
    readonly thisDevice: (host: string) => string;
    readonly signedInAs: string;
    readonly notYou: string;
    readonly remember: string;
    readonly allow: string;
    readonly deny: string;
  };
  readonly logout: {
    readonly title: string;
    readonly question: string;
    readonly submit: string;
    readonly done: string;
    readonly doneText: string;
    readonly tokens: string;
  };
  readonly formPost: { readonly title: string; readonly text: string; readonly submit: string };
  readonly fault: {
    readonly title: string;
    readonly texts: Readonly<Record<PageFault, string>>;
    readonly code: string;
    readonly reference: string;
  };
}

const en: Messages = {
  lang: 'en',
  errorTitle: (title) => `Error: ${title}`,
  login: {
    title: 'Sign in',
    toClient: (client) => `to go on to ${client}`,
    username: 'User name',
    password: 'Password',
    submit: 'Sign in',
    wrong: 'The user name or the password is wrong. Check both and try again.',
  },
  consent: {
    title: (client) => `${client} asks for access`,
    scopes: 'It wants to use:',
    returnTo: 'You will be taken back to',
    thisDevice: (host) => `a program on this device (${host})`,
    signedInAs: 'Signed in as',
    notYou: 'Not you?',
    remember: 'Remember this for the next time',
    allow: 'Allow',
    deny: 'Deny',
  },
  logout: {
    title: 'Sign out',
    question: 'Do you want to sign out in this browser?',
    submit: 'Sign out',
    done: 'You are signed out',
    doneText: 'You are not signed in here in this browser.',
    tokens: 'Applications that you have let in keep their access until it expires or is withdrawn.',
  },
  formPost: {
    title: 'One moment',
    text: 'You are being taken back to the application. If nothing happens, go on by the button.',
    submit: 'Continue',
  },
  fault: {
    title: 'This did not work',
    texts: {
      malformed: 'The application has sent a request that cannot be understood. Go back to it and try again.',
      unknown_client: 'The application is not known here, or may not be used now.',
      redirect_uri_mismatch: 'The application names an address to return to that is not registered for it.',
      forged:
        'The form is out of date, or was not sent by this site. Go back to the application and try again.',
      no_such_realm: 'There is nothing to sign in to at this address.',
      method: 'This address cannot be used in this way.',
      throttled: 'There were too many attempts to sign in. Wait a little, then try again.',
      unavailable: 'The service is not available for a moment. Load this page again in a few seconds.',
      fault: 'Something went wrong on our side. Try again later.',
    },
    code: 'Error code',
    reference: 'Reference',
  },
};

const de: Messages = {
  lang: 'de',
  errorTitle: (title) => `Fehler: ${title}`,
  login: {
    title: 'Anmelden',
    toClient: (client) => `um mit ${client} fortzufahren`,
    username: 'Benutzername',
    password: 'Passwort',
    submit: 'Anmelden',
    wrong: 'Benutzername oder Passwort ist falsch. Bitte prüfen Sie beides und versuchen Sie es noch einmal.',
  },
  consent: {
    title: (client) => `${client} bittet um Zugriff`,
    scopes: 'Die Anwendung möchte nutzen:',
    returnTo: 'Danach geht es zurück zu',
    thisDevice: (host) => `einem Programm auf diesem Gerät (${host})`,
    signedInAs: 'Angemeldet als',
    notYou: 'Nicht Sie?',
    remember: 'Für das nächste Mal merken',
    allow: 'Erlauben',
    deny: 'Ablehnen',
  },
  logout: {
    title: 'Abmelden',
    question: 'Möchten Sie sich in diesem Browser abmelden?',
    submit: 'Abmelden',
    done: 'Sie sind abgemeldet',
    doneText: 'In diesem Browser sind Sie hier nicht angemeldet.',
    tokens:
      'Anwendungen, denen Sie Zugriff erlaubt haben, behalten ihn, bis er abläuft oder zurückgenommen wird.',
  },
  formPost: {
    title: 'Einen Moment',
    text: 'Sie kehren zur Anwendung zurück. Falls nichts geschieht, geht es mit dem Knopf weiter.',
    submit: 'Weiter',
  },
  fault: {
    title: 'Das hat nicht geklappt',
    texts: {
      malformed:
        'Die Anwendung hat eine Anfrage geschickt, die nicht zu verstehen ist. Gehen Sie zu ihr zurück und versuchen Sie es noch einmal.',
      unknown_client: 'Die Anwendung ist hier nicht bekannt, oder sie darf zurzeit nicht benutzt werden.',
      redirect_uri_mismatch: 'Die Anwendung nennt eine Rückkehradresse, die nicht für sie eingetragen ist.',
      forged:
        'Das Formular ist veraltet oder kam nicht von dieser Seite. Gehen Sie zur Anwendung zurück und versuchen Sie es noch einmal.',
      no_such_realm: 'Unter dieser Adresse gibt es nichts, wobei man sich anmelden könnte.',
      method: 'Diese Adresse lässt sich so nicht benutzen.',
      throttled: 'Es gab zu viele Anmeldeversuche. Warten Sie etwas und versuchen Sie es dann noch einmal.',
      unavailable:
        'Der Dienst ist gerade nicht erreichbar. Laden Sie diese Seite in ein paar Sekunden noch einmal.',
      fault: 'Auf unserer Seite ist etwas schiefgegangen. Versuchen Sie es später noch einmal.',
    },
    code: 'Fehlercode',
    reference: 'Kennung',
  },
};

const tables: readonly Messages[] = [en, de];

/** The languages of the pages. */
export const languages: readonly Messages['lang'][] = tables.map(({ lang }) => lang);

/**
 * The texts in the first language that we have.
 * @param tags language tags (RFC 5646), the most wanted first; `de-AT` is read as `de`
 */
export function messagesIn(tags: readonly string[]): Messages {
  for (const tag of tags) {
    const [primary] = tag.toLowerCase().split(/[-_]/, 1);
    const found = tables.find(({ lang }) => lang === primary);
    if (found) return found;
  }
  return en;
}
