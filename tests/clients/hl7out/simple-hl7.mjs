// A destination made with simple-hl7. Usage: node simple-hl7.mjs FILE
import hl7 from 'simple-hl7';
import { freePort, keep, ready } from './port.mjs';

const port = await freePort();
const app = hl7.tcp();
app.use((request, answer, next) => {
  keep(request.msg.toString());
  answer.end();
});
app.use((error, request, answer, next) => {
  console.error(error);
  answer.ack.getSegment('MSA').setField(1, 'AR');
  answer.end();
});
app.start(port);
ready(port);
