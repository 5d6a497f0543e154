import Anthropic from '@anthropic-ai/sdk';
import { client, facts, gateway, options, question, run } from './run.mjs';

const anthropic = new Anthropic({ ...client, baseURL: gateway });
const request = { model: 'large', max_tokens: 1000, messages: [{ role: 'user', content: question }] };
const tools = [{ name: 'weather', input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } }];

async function plain(more) {
  const { data, response } = await anthropic.messages.create({ ...request, ...more }, options).withResponse();
  return { content: data.content, id: data.id, ...facts(response) };
}

await run({
  async plain() {
    const { content, ...rest } = await plain();
    return { text: content[0].text, ...rest };
  },

  async stream() {
    const { data, response } = await anthropic.messages.create({ ...request, stream: true }, options).withResponse();
    let text = '';
    for await (const event of data) if (event.type === 'content_block_delta') text += event.delta.text;
    return { text, ...facts(response) };
  },

  async tool() {
    const asked = await plain({ tools });
    const call = asked.content.find(block => block.type === 'tool_use');
    const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: `Rain in ${call.input.city}` }] };
    const answered = await plain({ tools, messages: [...request.messages, { role: 'assistant', content: asked.content }, result] });
    return { text: answered.content[0].text, tool: call.name, charges: [asked.charged, answered.charged] };
  },
});
