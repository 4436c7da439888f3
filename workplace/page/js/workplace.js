// The workplace's HTTP side, as the page uses it.

async function call(path, body) {
  const options = body === undefined
    ? {}
    : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(path, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error || response.statusText);
  return answer;
}

/** The Slack half of the workplace. */
export const slack = {
  people: () => call("/_control/people"),
  person: (id) => call(`/_control/people/${id}`),
  act: (id, what, body) => call(`/_control/people/${id}/${what}`, body),
};

/** The Teams half, under the same address. */
export const teams = {
  people: () => call("/_control/teams/people"),
  person: (id) => call(`/_control/teams/people/${id}`),
  act: (id, what, body) => call(`/_control/teams/people/${id}/${what}`, body),
  mention: (body) => call("/_control/teams/mention", body),
};

export const time = () => call("/clock");
export const wind = (body) => call("/clock", body);

export function listen(onChange) {
  const stream = new EventSource("/_control/stream");
  stream.addEventListener("message", onChange);
  return stream;
}
