// What changes its place glides there, unless who looks asked for less motion.

/** Lets `change` move these elements, and shows each on its way from where it was. */
export function glide(nodes, change) {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
    change();
    return;
  }
  const places = nodes.map((node) => [node, node.getBoundingClientRect()]);
  change();
  for (const [node, from] of places) {
    const to = node.getBoundingClientRect();
    const [x, y] = [from.left + from.width / 2 - to.left - to.width / 2, from.top + from.height / 2 - to.top - to.height / 2];
    if (!node.isConnected || to.width === 0 || Math.hypot(x, y) < 1) continue;
    const size = from.height / to.height;
    node.animate(
      [{ transform: `translate(${x}px, ${y}px) scale(${size})` }, { transform: 'none' }],
      { duration: 700, easing: 'ease-in-out' },
    );
  }
}
