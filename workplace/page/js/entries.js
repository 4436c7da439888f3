// What a person has chosen or typed in the inputs of one message or view, by block and action.

export class Entries {
  #read = [];

  add(block, element, read) {
    this.#read.push([block.block_id, element.action_id, read]);
  }

  values() {
    const values = {};
    for (const [blockId, actionId, read] of this.#read) {
      values[blockId] = { ...values[blockId], [actionId]: read() };
    }
    return values;
  }
}

// The plain value an element starts with: what was entered before, else its initial one.
export function startValue(element, entry) {
  const found = entry || {
    value: element.initial_value,
    selected_option: element.initial_option,
    selected_options: element.initial_options,
    selected_user: element.initial_user,
    selected_users: element.initial_users,
    selected_channel: element.initial_channel,
    selected_channels: element.initial_channels,
    selected_conversation: element.initial_conversation,
    selected_conversations: element.initial_conversations,
    selected_date: element.initial_date,
    selected_time: element.initial_time,
    selected_date_time: element.initial_date_time,
  };
  if (found.selected_options) return found.selected_options.map((option) => option.value);
  if (found.selected_option) return found.selected_option.value;
  for (const [key, value] of Object.entries(found)) {
    if (key !== "type" && value !== undefined && value !== null) return value;
  }
  return null;
}
