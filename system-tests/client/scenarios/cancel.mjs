// Cancels a prediction that waits in the queue and those that run before it.
export default async ({ replicate, args }) => {
  const create = (text) => replicate.predictions.create({ model: "auspex/echo", input: { text, seconds: 60 } });
  const until = async (id, statuses) => {
    for (;;) {
      const prediction = await replicate.predictions.get(id);
      if (statuses.includes(prediction.status)) return prediction;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const ended = ["succeeded", "failed", "canceled"];

  const busy = await Promise.all(Array.from({ length: args.slots }, (_, n) => create(`busy ${n}`)));
  await Promise.all(busy.map(({ id }) => until(id, ["processing"])));
  const queued = await create("queued");

  const queuedReply = await replicate.predictions.cancel(queued.id);
  const queuedEnd = await until(queued.id, ended);

  const started = Date.now();
  const runningReply = await replicate.predictions.cancel(busy[0].id);
  const runningEnd = await until(busy[0].id, ended);
  const runningMs = Date.now() - started;
  const again = await replicate.predictions.cancel(busy[0].id);

  // run() with a signal stops polling, cancels and returns.
  const controller = new AbortController();
  let aborted = null;
  const run = replicate.run("auspex/echo", { input: { text: "abort", seconds: 60 }, wait: { mode: "poll", interval: 50 }, signal: controller.signal },
    (prediction) => { aborted = prediction; if (prediction.status === "processing") controller.abort(); });
  const runEnd = await run.then((output) => ({ output }), (error) => ({ error: `${error.name}: ${error.message}` }));

  await Promise.all(busy.slice(1).map(({ id }) => replicate.predictions.cancel(id)));
  await Promise.all(busy.slice(1).map(({ id }) => until(id, ended)));
  const abortedEnd = aborted && (await until(aborted.id, ended));
  return { queuedReply, queuedEnd, runningReply, runningEnd, runningMs, again, runEnd, abortedEnd };
};
