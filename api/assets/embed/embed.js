// Puts the frame of a poll in the place of this script, fits its height, and tells the page what
// happens in it: `jij:ready`, `jij:resize`, `jij:voted` and `jij:closed`, on the frame, bubbling.
(() => {
  'use strict';
  const script = document.currentScript;
  const embed = script?.dataset.poll ?? '';
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(embed)) return;
  const site = new URL('.', script.src);
  const frame = document.createElement('iframe');
  const address = new URL(`embed/${embed}`, site);
  // Whom the partner vouches for is told to the frame alone: what stands behind # is never sent.
  if (script.dataset.subject) address.hash = new URLSearchParams({ subject: script.dataset.subject });
  frame.src = address.href;
  frame.title = script.dataset.title || 'JIJ&Overijssel';
  frame.loading = 'lazy';
  frame.referrerPolicy = 'strict-origin';
  frame.style.border = '0';
  frame.style.width = '100%';
  frame.style.height = '600px';
  let height = 600;
  const hear = (event) => {
    if (script.isConnected === false && !frame.isConnected) {
      window.removeEventListener('message', hear);
      return;
    }
    // Only this frame, and only while it shows the platform's own page.
    if (event.source !== frame.contentWindow || event.origin !== site.origin) return;
    const said = event.data;
    if (typeof said !== 'object' || said === null) return;
    if (said.source !== 'jij' || said.embed !== embed) return;
    if (!['ready', 'resize', 'voted', 'closed'].includes(said.type)) return;
    if (Number.isFinite(said.height)) {
      const wanted = Math.min(Math.max(Math.ceil(said.height), 50), 20000);
      // What differs by a pixel is rounding: to follow it could go on for ever.
      if (Math.abs(wanted - height) > 1) {
        height = wanted;
        frame.style.height = `${height}px`;
      }
    }
    const detail = said.type === 'resize' ? { embed, height } : { embed };
    frame.dispatchEvent(new CustomEvent(`jij:${said.type}`, { bubbles: true, detail }));
  };
  window.addEventListener('message', hear);
  script.replaceWith(frame);
})();
