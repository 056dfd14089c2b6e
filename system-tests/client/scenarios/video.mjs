// A photo goes up as a Buffer, auspex/motion-video turns it into an mp4, the mp4 comes down.
import { readFile, writeFile } from "node:fs/promises";

export default async ({ replicate, args }) => {
  const image = await readFile(args.image);
  const output = await replicate.run("auspex/motion-video", { input: { ...args.input, image } });
  const url = [].concat(output).map(String)[0];
  const response = await fetch(url); // as the client's own FileOutput does: without the token
  const bytes = Buffer.from(await response.arrayBuffer());
  await writeFile(args.video, bytes);

  const page = await replicate.predictions.list();
  const prediction = page.results.find((candidate) => candidate.model === "auspex/motion-video");
  return { url, status: response.status, type: response.headers.get("content-type"), size: bytes.length, prediction };
};
