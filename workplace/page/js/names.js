// Who and what the ids in a text stand for.

export function namesFrom(place) {
  const find = (list, id, key) => list.find((one) => one.id === id)?.[key] || id;
  const everyone = [...place.people, { id: place.bot.id, real_name: place.bot.name }];
  return {
    person: (id) => find(everyone, id, "real_name"),
    channel: (id) => find(place.channels, id, "name"),
    group: (id) => find(place.groups, id, "handle"),
    // Slack offers nobody who has left.
    people: ({ bots }) => place.people
      .filter((p) => !p.deleted && (bots || !p.is_bot))
      .map((p) => [p.id, p.is_bot ? `${p.real_name} (bot)` : p.real_name]),
    channels: () => place.channels.map((c) => [c.id, `#${c.name}`]),
  };
}
