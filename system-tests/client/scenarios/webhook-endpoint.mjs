// Registers an endpoint, rotates its secret, and returns what verifies its messages during the overlap; or removes it.
export default async ({ replicate, args }) => {
  if (args.remove) {
    return { status: (await replicate.request(`/webhooks/endpoints/${args.remove}`, { method: "DELETE" })).status };
  }
  const ask = async (path, body) => (await replicate.request(path, { method: "POST", data: body })).json();
  const endpoint = await ask("/webhooks/endpoints", {
    url: args.url, events: ["completed"], asymmetric: true, headers: { "x-environment": "test" },
  });
  const secret = await ask(`/webhooks/endpoints/${endpoint.id}/secret/rotate`, { overlap: 600 });
  return { endpoint, secret };
};
