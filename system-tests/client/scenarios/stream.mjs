// stream(): the events of a model that yields, live and for a reader that comes late; then a failing one.
const collect = async (iterator) => {
  const events = [];
  try {
    for await (const { event, data, id } of iterator) events.push({ event, data, id, at: Date.now() });
  } catch (error) {
    return { events, error: error.message };
  }
  return { events, error: null };
};

export default async ({ replicate, args }) => {
  const live = await collect(replicate.stream("auspex/echo", { input: args.input }));

  const finished = await replicate.predictions.create({ model: "auspex/echo", input: { ...args.input, seconds: 0 }, wait: 10 });
  const raw = await fetch(finished.urls.stream, { headers: { accept: "text/event-stream" } });
  const late = { status: raw.status, type: raw.headers.get("content-type"), text: await raw.text() };

  const failing = await collect(replicate.stream("auspex/echo", { input: { ...args.input, seconds: 0, fail: args.fail } }));
  return { live, status: finished.status, late, failing };
};
