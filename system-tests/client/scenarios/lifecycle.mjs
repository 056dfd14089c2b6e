// predictions.create, get, wait, list, and paginate over what was created.
export default async ({ replicate, client, args }) => {
  const created = await replicate.predictions.create({ model: "auspex/echo", input: { text: "one" } });
  const read = await replicate.predictions.get(created.id);
  const done = await replicate.wait(created, { interval: 50 });

  const { latest_version } = await replicate.models.get("auspex", "echo");
  const held = await replicate.predictions.create({ version: latest_version.id, input: { text: "two" }, wait: 10 });

  const page = await replicate.predictions.list();

  const many = await Promise.all(
    Array.from({ length: args.many }, (_, n) => replicate.predictions.create({ model: "auspex/echo", input: { text: `n${n}` } }))
  );
  // A list shows what the router has read; a prediction that has ended has been read.
  await Promise.all(many.map((prediction) => replicate.wait(prediction, { interval: 200 })));
  const listed = [];
  let pages = 0;
  for await (const results of replicate.paginate(replicate.predictions.list)) {
    pages += 1;
    listed.push(...results.map((prediction) => prediction.id));
  }
  const foreign = await client(args.otherToken).predictions.list();
  return { created, read, done, held, page, many: many.map((prediction) => prediction.id), listed, pages, foreign };
};
