// Creates a prediction whose webhook goes to the test's receiver.
export default async ({ replicate, args }) => {
  const created = await replicate.predictions.create({
    model: "auspex/echo",
    input: args.input,
    webhook: args.webhook,
    ...(args.filter ? { webhook_events_filter: args.filter } : {}),
  });
  const done = await replicate.wait(created, { interval: 50 }).catch(() => replicate.predictions.get(created.id));
  return { created, done };
};
