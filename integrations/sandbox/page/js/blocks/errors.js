/** Errors under the inputs of a modal. */

/** Shows `errors` ({block_id: sentence}) and focuses the first; returns the ones with no place. */
export function showErrors(root, errors) {
  const homeless = { ...errors };
  let first = null;
  for (const block of root.querySelectorAll("[data-block-id]")) {
    const line = block.querySelector(".input-error");
    if (!line) continue;
    const text = errors[block.dataset.blockId];
    line.hidden = !text;
    line.textContent = text ?? "";
    const control = block.querySelector("[data-action-id]");
    block.classList.toggle("has-error", Boolean(text));
    control?.setAttribute("aria-invalid", text ? "true" : "false");
    if (text) {
      delete homeless[block.dataset.blockId];
      first ??= control;
    }
  }
  const focusable = first?.matches("input, textarea") ? first : first?.querySelector("input");
  focusable?.focus();
  return Object.values(homeless);
}

/** Takes the error away from an input that the person is correcting. */
export function clearError(control) {
  const block = control.closest("[data-block-id]");
  const line = block?.querySelector(".input-error");
  if (!line || line.hidden) return;
  line.hidden = true;
  block.classList.remove("has-error");
  block.querySelector("[data-action-id]")?.setAttribute("aria-invalid", "false");
}
