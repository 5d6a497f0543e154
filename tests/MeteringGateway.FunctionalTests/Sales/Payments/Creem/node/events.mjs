// Reads the deliveries of the command line, each a JSON object {body, headers, secret}, as a shop that uses Creem's helpers would.

import { constructWebhookEvent, constructWebhookEventEntity } from 'creem/webhooks.js';

const results = [];
for (const delivery of process.argv.slice(2)) {
  const { body, headers, secret } = JSON.parse(delivery);
  try {
    const event = await constructWebhookEvent(body, headers, secret);
    const entity = await constructWebhookEventEntity(body, headers, secret);
    results.push({ id: event.id, type: event.type, shape: entity.eventType });
  } catch (error) {
    results.push({ error: error.name, text: error.pretty?.() ?? error.message });
  }
}
console.log(JSON.stringify(results));
