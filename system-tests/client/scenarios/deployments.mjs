// deployments.create/get/update/list/delete and deployments.predictions.create.
export default async ({ replicate, args }) => {
  const { latest_version: version } = await replicate.models.get("auspex", "echo");
  const created = await replicate.deployments.create({
    name: "prod-echo",
    model: "auspex/echo",
    version: version.id,
    hardware: args.hardware,
    min_instances: 0,
    max_instances: 1,
  });
  const read = await replicate.deployments.get("acme", "prod-echo");
  const prediction = await replicate.deployments.predictions.create("acme", "prod-echo", { input: { text: args.text } });
  const done = await replicate.wait(prediction, { interval: 50 });
  const updated = await replicate.deployments.update("acme", "prod-echo", { max_instances: 3 });
  const listed = await replicate.deployments.list();
  const deleted = await replicate.deployments.delete("acme", "prod-echo");
  const left = await replicate.deployments.list();
  return { version: version.id, created, read, prediction, done, updated, listed, deleted, left };
};
