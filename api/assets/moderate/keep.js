// Reading storage throws where the browser blocks it; then the tab forgets.
const from = (storage) => ({
  get(key) { try { return JSON.parse(storage().getItem(`jij.moderate.${key}`)); } catch { return null; } },
  set(key, value) {
    try {
      if (value === null) storage().removeItem(`jij.moderate.${key}`);
      else storage().setItem(`jij.moderate.${key}`, JSON.stringify(value));
    } catch { /* this tab forgets */ }
  },
});

/** What ends with the tab: who signed in, and what was typed. */
export const keep = from(() => sessionStorage);

/** What someone likes, which says nothing about them: the language, and whether keys act. */
export const like = from(() => localStorage);
