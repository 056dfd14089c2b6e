// Runs one scenario with the official client, unmodified, and prints its result as one JSON object.
//   node main.mjs <scenario>          AUSPEX_URL (without /v1) and AUSPEX_TOKEN in the environment, arguments on stdin as JSON
import Replicate from "replicate";

const [name] = process.argv.slice(2);
const scenario = await import(`./scenarios/${name}.mjs`);

let text = "";
for await (const chunk of process.stdin) text += chunk;
const args = text.trim() ? JSON.parse(text) : {};

const client = (token = process.env.AUSPEX_TOKEN) =>
  new Replicate({ auth: token, baseUrl: `${process.env.AUSPEX_URL}/v1` });

try {
  const result = await scenario.default({ replicate: client(), client, args });
  process.stdout.write(`${JSON.stringify(result)}\n`);
} catch (error) {
  process.stderr.write(`${error.stack}\n`); // not the error itself: it drags the whole request along
  process.exitCode = 1;
}
