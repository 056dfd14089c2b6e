// Checks received webhooks with the client's own validateWebhook, in the forms applications use.
import { validateWebhook } from "replicate";

export default async ({ replicate, client, args }) => {
  const { key } = await replicate.webhooks.default.secret.get();
  const foreign = await client(args.otherToken).webhooks.default.secret.get();
  const results = [];
  for (const { headers, body } of args.deliveries) {
    const text = Buffer.from(body, "base64").toString("utf8");
    results.push({
      raw: await validateWebhook({
        id: headers["webhook-id"], timestamp: headers["webhook-timestamp"], signature: headers["webhook-signature"], body: text, secret: key,
      }),
      request: await validateWebhook(new Request("http://receiver.test/", { method: "POST", headers, body: text }), key),
      // What an Express application with a JSON body parser does: the object is serialised again.
      parsed: await validateWebhook({ headers, body: JSON.parse(text) }, key),
      tampered: await validateWebhook({ headers, body: text.replace("succeeded", "failed!!!") }, key),
      foreign: await validateWebhook({ headers, body: text }, foreign.key),
    });
  }
  return { key, foreignKey: foreign.key, results };
};
