// Makes the calls that the command line names, one after the other, and prints one line of JSON with what came of each.

const { GATEWAY, KEY, QUICK, IDEMPOTENCY_KEY, RETRIES, PADDING } = process.env;

// The SDKs wait as long as a refusal's Retry-After says, which may be a minute. What they do then is of interest here, not the wait.
if (QUICK) {
  const wait = globalThis.setTimeout;
  globalThis.setTimeout = (action, delay, ...rest) => wait(action, delay <= 60_000 ? 10 : delay, ...rest);
}

export const gateway = GATEWAY;
export const client = { apiKey: KEY, maxRetries: Number(RETRIES ?? 2) };
export const options = { headers: IDEMPOTENCY_KEY ? { 'Idempotency-Key': IDEMPOTENCY_KEY } : {} };
export const question = 'What is a hold?' + ' '.repeat(Number(PADDING ?? 0));

export function facts(response) {
  const header = name => response.headers.get(name);
  return {
    request_id: header('x-request-id'),
    provider: header('x-provider'),
    charged: header('x-credits-charged'),
    held: header('x-credits-held'),
    replayed: header('idempotent-replayed'),
  };
}

export async function run(calls) {
  const results = [];
  for (const name of process.argv.slice(2)) {
    try {
      results.push(await calls[name]());
    } catch (error) {
      if (!error.status) throw error;
      const { message, type } = error.error?.error ?? error.error ?? {};
      results.push({ error: { kind: error.constructor.name, status: error.status, text: error.message, message, type } });
    }
  }
  console.log(JSON.stringify(results));
}
