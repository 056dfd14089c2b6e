// run(): by model name, by version, with progress, polling instead of waiting, and a model that fails.
export default async ({ replicate, args }) => {
  const input = { text: args.text };
  const model = await replicate.models.get("auspex", "echo");
  const version = model.latest_version.id;

  const started = Date.now();
  const byName = await replicate.run("auspex/echo", { input });
  const tookMs = Date.now() - started;

  const seen = [];
  const byVersion = await replicate.run(`auspex/echo:${version}`, { input }, (prediction) => seen.push(prediction.status));
  const polled = await replicate.run("auspex/echo", { input, wait: { mode: "poll", interval: 50 } });

  // Longer than the one second that the server may hold the request: it has to say "starting", or the client gives up.
  const outlasting = await replicate.run("auspex/echo", { input: { ...input, seconds: 2 }, wait: { mode: "block", timeout: 1 } });

  let failure = null;
  try {
    await replicate.run("auspex/echo", { input: { ...input, fail: args.fail } });
  } catch (error) {
    failure = error.message;
  }
  return { byName, byVersion, polled, outlasting, seen, tookMs, failure };
};
