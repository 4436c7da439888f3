// Where the focus was before a dialog opened, and how it comes back.

export function placeOf(node) {
  return { node, message: node.closest("[data-message]")?.dataset.message };
}

/** The button that opened the dialog may have been redrawn meanwhile; then its message is the nearest place. */
export function goBack({ node, message }, app) {
  const near = node.isConnected && node !== document.body ? node : message && document.querySelector(`[data-message="${CSS.escape(message)}"]`);
  if (near) near.focus();
  else app.focusConversation();
}
