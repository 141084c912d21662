// What a moderator chose and typed, by case, until it is decided or they sign out.
import { keep } from './keep.js';

let drafts = keep.get('drafts') ?? {};

const EMPTY = { action: '', reasonCode: '', statement: '', filled: '' };

/** What was typed for a case before; `filled` is the template's text that stands in it. */
export const draft = (id) => ({ ...EMPTY, ...drafts[id] });

export const hasDraft = (id) => Boolean(drafts[id]?.statement && drafts[id].statement !== drafts[id].filled);

export function remember(id, value) {
  drafts[id] = value;
  keep.set('drafts', drafts);
}

export function forget(id) {
  delete drafts[id];
  keep.set('drafts', drafts);
}

export function forgetAll() {
  drafts = {};
  keep.set('drafts', null);
}
