// What an application catches: ApiError with the status of the answer.
const attempt = async (call) => {
  try {
    return { value: await call() };
  } catch (error) {
    return { name: error.name, status: error.response?.status ?? null, message: error.message };
  }
};

export default async ({ replicate, client }) => ({
  badVersion: await attempt(() => replicate.predictions.create({ version: "0".repeat(64), input: {} })),
  badModel: await attempt(() => replicate.run("nobody/nothing", { input: {} })),
  badInput: await attempt(() => replicate.predictions.create({ model: "auspex/echo", input: { text: "a", seconds: "long" } })),
  badToken: await attempt(() => client("r8_wrong").predictions.list()),
  badPrediction: await attempt(() => replicate.predictions.get("00000000000000000000000000")),
  badFile: await attempt(() => replicate.files.get("00000000000000000000000000")),
});
