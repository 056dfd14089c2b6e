// Checks received webhooks with the reference library of Standard Webhooks: for each delivery, which of the keys fit.
import { Webhook } from "standardwebhooks";

const fits = (key, headers, text) => {
  try {
    new Webhook(key).verify(text, headers);
    return true;
  } catch {
    return false;
  }
};

export default async ({ args }) => ({
  results: args.deliveries.map(({ headers, body }) => {
    const text = Buffer.from(body, "base64").toString("utf8");
    return {
      genuine: args.keys.map((key) => fits(key, headers, text)),
      changed: args.keys.map((key) => fits(key, headers, `${text} `)),
    };
  }),
});
