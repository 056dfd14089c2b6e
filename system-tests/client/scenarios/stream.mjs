// stream(): all events of a model that yields; a reader that comes late; one that fails; one that is canceled under way.
const collect = async (iterator, each = async () => {}) => {
  const events = [];
  try {
    for await (const { event, data, id } of iterator) {
      events.push({ event, data, id });
      await each(events);
    }
  } catch (error) {
    return { events, error: error.message };
  }
  return { events, error: null };
};

export default async ({ replicate, args }) => {
  const { input, fail } = args;
  const whole = await collect(replicate.stream("auspex/echo", { input }));

  const finished = await replicate.predictions.create({ model: "auspex/echo", input, wait: 10 });
  const raw = await fetch(finished.urls.stream, { headers: { accept: "text/event-stream" } });
  const late = { status: raw.status, type: raw.headers.get("content-type"), text: await raw.text() };

  const failing = await collect(replicate.stream("auspex/echo", { input: { ...input, fail } }));

  // Far from done when the third chunk is here: chunks are live, not a replay of a finished prediction.
  let atThird = null;
  const endless = replicate.stream("auspex/echo", { input: { ...input, seconds: 600, tokens: 3000 } });
  const canceled = await collect(endless, async (events) => {
    if (events.length === 3) {
      const page = await replicate.predictions.list();
      atThird = page.results[0].status;
      await replicate.predictions.cancel(page.results[0].id);
    }
  });
  return { whole, status: finished.status, late, failing, atThird, canceled };
};
