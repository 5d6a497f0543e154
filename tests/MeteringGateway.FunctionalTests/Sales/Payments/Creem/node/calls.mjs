// Makes the calls of the command line, each a JSON array of a method and its arguments, one after the other. The client refuses answers
// that are not in Creem's shape.

import { Creem } from 'creem';

const { ADDRESS, KEY } = process.env;
const creem = new Creem({ serverURL: ADDRESS, apiKey: KEY });

const results = [];
for (const call of process.argv.slice(2)) {
  const [method, ...args] = JSON.parse(call);
  const [resource, name] = method.split('.');
  try {
    const answer = await creem[resource][name](...args.map(arg => arg ?? undefined));
    results.push({ ok: answer.result ?? answer });
  } catch (error) {
    results.push({ error: error.name, status: error.statusCode, text: error.pretty?.() ?? error.message });
  }
}
console.log(JSON.stringify(results));
