// A destination made with @medplum/hl7. Usage: node medplum.mjs FILE
import { Hl7Server } from '@medplum/hl7';
import { freePort, keep, ready } from './port.mjs';

const port = await freePort();
const server = new Hl7Server((connection) => {
  connection.addEventListener('message', ({ message }) => {
    keep(message.toString());
    connection.send(message.buildAck());
  });
});
await server.start(port);
ready(port);
