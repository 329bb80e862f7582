import type { Action } from "svelte/action";

/**
 * Opens a `<dialog>` over the page: the browser keeps focus inside and gives it back. Escape and a press on what lies
 * behind ask to close; the owner decides by dropping the element.
 */
export const modal: Action<HTMLDialogElement, () => void> = (dialog, onclose) => {
  let close = onclose;
  const before = document.activeElement;
  dialog.showModal();
  // A dialog that may take the focus itself does: its title is read, and no button of it looks chosen.
  if (dialog.hasAttribute("tabindex")) dialog.focus({ preventScroll: true });

  const cancel = (event: Event) => {
    event.preventDefault();
    close();
  };
  const press = (event: PointerEvent) => {
    if (event.target !== dialog) return;
    const box = dialog.getBoundingClientRect();
    const beside = event.clientX < box.left || event.clientX > box.right;
    if (beside || event.clientY < box.top || event.clientY > box.bottom) close();
  };
  dialog.addEventListener("cancel", cancel);
  dialog.addEventListener("pointerdown", press);
  return {
    update(next) {
      close = next;
    },
    destroy() {
      dialog.removeEventListener("cancel", cancel);
      dialog.removeEventListener("pointerdown", press);
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    },
  };
};
