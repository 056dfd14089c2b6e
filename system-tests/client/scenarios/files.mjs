// files.create (Buffer and Blob, with metadata), get, list, delete.
export default async ({ replicate, client, args }) => {
  const created = await replicate.files.create(Buffer.from(args.content), { origin: "client" });
  const blob = await replicate.files.create(new File([args.content], "grüße.txt", { type: "text/plain" }));
  const read = await replicate.files.get(created.id);
  const listed = await replicate.files.list();
  const status = (call) => call.then(() => 200, (error) => error.response?.status ?? error.message);
  const foreign = await status(client(args.otherToken).files.get(created.id));
  const deleted = await replicate.files.delete(created.id);
  const gone = await status(replicate.files.get(created.id));
  return { created, blob, read, listed, foreign, deleted, gone };
};
