// Lists and calls tools with one of the published clients, and prints one line of JSON with what came of each.

const { CLIENT, GATEWAY, TOKEN, ADDRESS } = process.env;
const { Client } = await import(CLIENT === 'sdk' ? '@modelcontextprotocol/sdk/client/index.js' : '@modelcontextprotocol/client');
const { StreamableHTTPClientTransport } = await import(
  CLIENT === 'sdk' ? '@modelcontextprotocol/sdk/client/streamableHttp.js' : '@modelcontextprotocol/client');

const client = new Client({ name: 'test', version: '1' });
await client.connect(new StreamableHTTPClientTransport(
  new URL(`${GATEWAY}/${ADDRESS ?? 'mcp'}`), { requestInit: { headers: { Authorization: `Bearer ${TOKEN}` } } }));

const { tools } = await client.listTools();
const results = [{ tools: tools.map(tool => tool.name) }];
for (const call of process.argv.slice(2)) {
  const { name, arguments: given } = JSON.parse(call);
  try {
    const { structuredContent, isError, content } = await client.callTool({ name, arguments: given });
    results.push({ answer: structuredContent, isError: isError ?? false, text: content[0].text });
  } catch (error) {
    results.push({ error: error.message });
  }
}

await client.close();
console.log(JSON.stringify(results));
