/** A panel hanging under a control: menus and lists of choices. */

const GAP = 4;

function place(anchor, panel) {
  const box = anchor.getBoundingClientRect();
  const below = window.innerHeight - box.bottom - GAP * 2;
  const above = box.top - GAP * 2;
  const upwards = below < Math.min(panel.scrollHeight, 240) && above > below;
  panel.style.maxHeight = `${Math.max(120, Math.min(320, upwards ? above : below))}px`;
  panel.style.minWidth = `${Math.max(box.width, 160)}px`;
  const left = Math.min(box.left, window.innerWidth - panel.offsetWidth - GAP * 2);
  panel.style.left = `${Math.max(GAP, left)}px`;
  panel.style.top = upwards
    ? `${box.top - GAP - panel.offsetHeight}px`
    : `${box.bottom + GAP}px`;
}

/**
 * Opens `panel` (already beside `anchor` in the document, `popover="manual"`) until
 * the returned function is called, the person presses elsewhere, or the anchor goes away.
 */
export function openPopup(anchor, panel, onClose) {
  panel.showPopover();
  const reposition = () => (anchor.isConnected ? place(anchor, panel) : close());
  const outside = (event) => {
    if (!panel.contains(event.target) && !anchor.contains(event.target)) close();
  };
  const scrolled = (event) => {
    if (!panel.contains(event.target)) reposition();
  };
  let open = true;
  function close() {
    if (!open) return;
    open = false;
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("scroll", scrolled, true);
    window.removeEventListener("resize", reposition);
    if (panel.isConnected) panel.hidePopover();
    onClose();
  }
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("scroll", scrolled, true);
  window.addEventListener("resize", reposition);
  place(anchor, panel);
  return { close, reposition };
}
