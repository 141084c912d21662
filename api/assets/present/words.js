// What the screen and the remote control say, Dutch first.
const nl = {
  screen: 'Groot scherm',
  remote: 'Afstandsbediening',
  loading: 'Even laden…',
  notFound: 'Deze peiling is er niet, of is nog niet open.',
  notFoundHelp: 'Leidt u de bijeenkomst? Meld u dan aan.',
  draft: 'Deze peiling is nog niet open: tot dan ziet niemand haar.',
  offline: 'Geen verbinding. We proberen het opnieuw.',
  online: 'De verbinding is er weer.',
  joinAt: 'Doe mee op',
  withCode: 'met de code',
  qr: 'QR-code naar {address}',
  waiting: 'We beginnen zo.',
  over: 'De peiling is gesloten. Dank u wel!',
  question: 'Vraag {n}',
  questionOf: 'Vraag {n} van {all}',
  people: { one: '1 deelnemer', other: '{n} deelnemers' },
  voted: { one: '1 stem', other: '{n} stemmen' },
  votedPoll: { one: '1 mens stemde', other: '{n} mensen stemden' },
  state: { OPEN: 'Stemmen kan nu', LOCKED: 'Stemmen is gesloten', REVEALED: 'De uitslag', HIDDEN: 'Verborgen' },
  closed: 'Gesloten',
  timer: 'Nog {time}',
  notYet: 'De uitslag volgt.',
  staffOnly: 'De uitslag van deze peiling wordt hier niet getoond.',
  more: 'en nog {n}, in de tabel',
  agree: 'eens', pass: 'geen mening', disagree: 'oneens',
  mean: 'gemiddelde', median: 'mediaan', target: 'juist',
  right: 'goed',
  option: 'Antwoord', votes: 'Stemmen', share: 'Percentage', points: 'Punten', place: 'Plaats', meanPlace: 'Gemiddelde plaats', value: 'Waarde',
  tableOf: 'Uitslag: {prompt}',
  previous: 'Vorige', next: 'Volgende', lock: 'Sluit stemmen', unlock: 'Open stemmen',
  reveal: 'Toon uitslag', conceal: 'Verberg uitslag', clock: '60 seconden',
  fullscreen: 'Volledig scherm', table: 'Tabel', joinScreen: 'Toon code groot', keys: 'Toetsen', colours: 'Licht of donker',
  language: 'English', signIn: 'Aanmelden', signOut: 'Afmelden', close: 'Sluiten',
  controls: 'Bediening',
  keysTitle: 'Toetsen',
  keysOn: 'Toetsen van één teken werken',
  keyNext: 'Volgende vraag', keyPrevious: 'Vorige vraag', keyLock: 'Stemmen sluiten of weer openen',
  keyReveal: 'Uitslag tonen of verbergen', keyClock: '60 seconden geven', keyFullscreen: 'Volledig scherm',
  keyTable: 'Tabel tonen of verbergen', keyJoin: 'Code en QR-code groot', keyColours: 'Licht of donker', keyHelp: 'Dit overzicht',
  space: 'spatie',
  remoteAt: 'Afstandsbediening op uw telefoon:',
  last: 'Dit was de laatste vraag.',
  first: 'Dit is de eerste vraag.',
  noQuestion: 'Kies eerst een vraag.',
  changed: 'Iemand anders was u voor; dit is hoe het nu staat.',
  failed: 'Dat lukte niet. Probeer het nog eens.',
  factorMissing: 'Hiervoor is een tweede factor nodig. Stel die in en meld u opnieuw aan.',
  mayNot: 'U mag deze peiling niet leiden. Meekijken kan wel.',
  signInTitle: 'Aanmelden om te leiden',
  signInWhy: 'Meekijken kan zonder aanmelden. Uw aanmelding geldt alleen voor dit venster.',
  email: 'E-mailadres', password: 'Wachtwoord', secondFactor: 'Code van uw app of herstelcode',
  secondFactorAsked: 'Uw account vraagt om een code.',
  haveToken: 'Ik meld me aan met een link',
  tokenHelp: 'Open de link uit de mail en plak hier het vernieuwingstoken dat u dan ziet.',
  token: 'Vernieuwingstoken',
  signedOut: 'Uw aanmelding is verlopen. Meld u opnieuw aan.',
  allQuestions: 'Alle vragen',
  backstage: 'Alleen voor u',
  nothingActive: 'Er is nog geen vraag in beeld.',
};

const en = {
  screen: 'Big screen',
  remote: 'Remote control',
  loading: 'Loading…',
  notFound: 'This poll does not exist, or is not open yet.',
  notFoundHelp: 'Do you lead the meeting? Then sign in.',
  draft: 'This poll is not open yet: until then nobody sees it.',
  offline: 'No connection. We keep trying.',
  online: 'The connection is back.',
  joinAt: 'Join at',
  withCode: 'with the code',
  qr: 'QR code to {address}',
  waiting: 'We are about to begin.',
  over: 'The poll is closed. Thank you!',
  question: 'Question {n}',
  questionOf: 'Question {n} of {all}',
  people: { one: '1 participant', other: '{n} participants' },
  voted: { one: '1 vote', other: '{n} votes' },
  votedPoll: { one: '1 person voted', other: '{n} people voted' },
  state: { OPEN: 'Voting is open', LOCKED: 'Voting is closed', REVEALED: 'The results', HIDDEN: 'Hidden' },
  closed: 'Closed',
  timer: '{time} left',
  notYet: 'The results follow.',
  staffOnly: 'The results of this poll are not shown here.',
  more: 'and {n} more, in the table',
  agree: 'agree', pass: 'pass', disagree: 'disagree',
  mean: 'mean', median: 'median', target: 'right',
  right: 'right',
  option: 'Answer', votes: 'Votes', share: 'Percentage', points: 'Points', place: 'Place', meanPlace: 'Mean place', value: 'Value',
  tableOf: 'Results: {prompt}',
  previous: 'Previous', next: 'Next', lock: 'Close voting', unlock: 'Open voting',
  reveal: 'Show results', conceal: 'Hide results', clock: '60 seconds',
  fullscreen: 'Full screen', table: 'Table', joinScreen: 'Show large code', keys: 'Keys', colours: 'Light or dark',
  language: 'Nederlands', signIn: 'Sign in', signOut: 'Sign out', close: 'Close',
  controls: 'Controls',
  keysTitle: 'Keys',
  keysOn: 'Keys of one character work',
  keyNext: 'Next question', keyPrevious: 'Previous question', keyLock: 'Close or reopen voting',
  keyReveal: 'Show or hide results', keyClock: 'Give 60 seconds', keyFullscreen: 'Full screen',
  keyTable: 'Show or hide the table', keyJoin: 'Code and QR code, large', keyColours: 'Light or dark', keyHelp: 'This overview',
  space: 'space',
  remoteAt: 'Remote control on your phone:',
  last: 'That was the last question.',
  first: 'This is the first question.',
  noQuestion: 'Choose a question first.',
  changed: 'Someone else came first; this is how it stands now.',
  failed: 'That did not work. Try again.',
  factorMissing: 'This needs a second factor. Set one and sign in again.',
  mayNot: 'You may not lead this poll. You can still watch.',
  signInTitle: 'Sign in to lead',
  signInWhy: 'Watching needs no sign-in. You are signed in for this window only.',
  email: 'E-mail address', password: 'Password', secondFactor: 'Code of your app, or a recovery code',
  secondFactorAsked: 'Your account asks for a code.',
  haveToken: 'I sign in by a link',
  tokenHelp: 'Open the link in the mail and paste here the refresh token that you see then.',
  token: 'Refresh token',
  signedOut: 'You are signed out. Sign in again.',
  allQuestions: 'All questions',
  backstage: 'For you alone',
  nothingActive: 'No question is shown yet.',
};

export const lang = document.documentElement.lang === 'en' ? 'en' : 'nl';
const words = lang === 'en' ? en : nl;
const numbers = new Intl.NumberFormat(lang, { maximumFractionDigits: 0 });

/** A whole number; what has decimals or is a share comes from the server as it is shown. */
export const number = (value) => numbers.format(value);
export const percent = (percentage) => (percentage === null ? '–' : `${percentage}%`);

/** What is said under this key, with values in the place of their names in braces. */
export function t(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));
}

/** The same of so many. */
export function count(key, n) {
  return words[key][n === 1 ? 'one' : 'other'].replace('{n}', number(n));
}

export const stateWord = (state) => words.state[state];

/** An element with properties and children; strings become text nodes, never markup. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key in node) node[key] = value;
    else node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Gives elements that carry `data-t` their text, and those with `data-t-label` their name. */
export function translate(root = document) {
  for (const node of root.querySelectorAll('[data-t]')) node.textContent = words[node.dataset.t];
  for (const node of root.querySelectorAll('[data-t-label]')) {
    node.setAttribute('aria-label', words[node.dataset.tLabel]);
    node.title = words[node.dataset.tLabel];
  }
}

// Reading sessionStorage throws where the browser blocks storage: then this page remembers alone.
const memory = new Map();
export const keep = {
  get(key) {
    try { return sessionStorage.getItem(`jij.present.${key}`); } catch { return memory.get(key) ?? null; }
  },
  set(key, value) {
    try {
      if (value === null) sessionStorage.removeItem(`jij.present.${key}`);
      else sessionStorage.setItem(`jij.present.${key}`, value);
    } catch { memory.set(key, value); }
  },
};

/** Light or dark, as chosen in this window, else as the system has it. */
export function applyColours(change = false) {
  const root = document.documentElement;
  let chosen = keep.get('colours');
  if (change) {
    const dark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    chosen = dark ? 'light' : 'dark';
    keep.set('colours', chosen);
  }
  if (chosen) root.dataset.colours = chosen;
}

/** The same page in the other language. */
export function otherLanguage() {
  const address = new URL(location.href);
  address.searchParams.set('lang', lang === 'en' ? 'nl' : 'en');
  location.replace(address);
}
