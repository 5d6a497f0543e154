import OpenAI from 'openai';
import { client, facts, gateway, options, question, run } from './run.mjs';

const openai = new OpenAI({ ...client, baseURL: `${gateway}/v1` });
const request = { model: 'large', messages: [{ role: 'user', content: question }] };
const tools = [{
  type: 'function',
  function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
}];

async function plain(more) {
  const { data, response } = await openai.chat.completions.create({ ...request, ...more }, options).withResponse();
  return { message: data.choices[0].message, id: data.id, ...facts(response) };
}

await run({
  async plain() {
    const { message, ...rest } = await plain();
    return { text: message.content, ...rest };
  },

  async stream() {
    const { data, response } = await openai.chat.completions.create({ ...request, stream: true }, options).withResponse();
    let text = '';
    for await (const chunk of data) text += chunk.choices[0]?.delta.content ?? '';
    return { text, ...facts(response) };
  },

  async tool() {
    const asked = await plain({ tools });
    const call = asked.message.tool_calls[0];
    const result = { role: 'tool', tool_call_id: call.id, content: `Rain in ${JSON.parse(call.function.arguments).city}` };
    const answered = await plain({ tools, messages: [...request.messages, asked.message, result] });
    return { text: answered.message.content, tool: call.function.name, charges: [asked.charged, answered.charged] };
  },
});
