// A destination made with node-hl7-server. Usage: node node-hl7-server.mjs FILE
import { Server } from 'node-hl7-server';
import { freePort, keep, ready } from './port.mjs';

const port = await freePort();
const server = new Server({ bindAddress: '127.0.0.1' });
const inbound = server.createInbound({ port }, async (request, answer) => {
  keep(request.getMessage().toString());
  await answer.sendResponse('AA');
});
inbound.on('listen', () => ready(port));
