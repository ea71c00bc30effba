// Ports in every state, a help page and a meter with losses, for the mock: what a bench has seldom all at once.
const iso = (ms) => new Date(ms).toISOString();
const none = { bytesIn: 0, bytesOut: 0, faults: 0, lastFault: '', lineErrors: 0 };
const words = (fr, en) => ({ fr, en });

const blank = (name, more) => ({
  port: `/dev/serial/by-path/platform-fd500000.pcie-pci-0000:01:00.0-usb-0:${name.slice(4)}:1.0-port0`, name, adapter: 'FT232R USB UART', movedFrom: null, state: 'searching', finding: '', sentence: words('', ''),
  remedies: [], since: iso(Date.now() - 95_000), device: name, manufacturer: '', model: '', serialNumber: '', protocol: '', driver: '', quality: '', line: '', listenOnly: false, lastData: null, traffic: none, trying: null, help: null, ...more,
});

const PLUGS = words('Vérifiez que le câble tient dans le boîtier et dans la prise de l’appareil prévue pour les données.', 'Check that the cable is firm at the box and in the socket of the device that is meant for data.');
const POWER = words('Vérifiez que l’appareil est allumé.', 'Check that the device is switched on.');
const CROSS = words('Essayez l’autre type de câble : avec un adaptateur null-modem s’il n’y en a pas, sans lui s’il y en a un.', 'Try the other kind of cable: with a null-modem adapter where there is none, without it where there is one.');
const SPEED = words('Réglez la sortie de l’appareil sur une vitesse et une parité que sa page indique ; gardez 8 bits de données.', 'Set the output of the device to a speed and a parity that its page names; keep 8 data bits.');
const CONTACT = words('Un mauvais contact ou un long câble le long de câbles d’alimentation abîme les caractères à toute vitesse : essayez un autre câble.', 'A bad contact or a long cable beside power lines spoils characters at any speed: try another cable.');

export const ports = () => ({
  serverTime: iso(Date.now()),
  ports: [
    blank('USB 1.1', { state: 'receiving', finding: 'recognised', sentence: words('Philips MX700 est reçu et enregistré.', 'Philips MX700 is received and recorded.'), manufacturer: 'Philips', model: 'MX700', serialNumber: 'DE1234', protocol: 'IntelliVue Data Export', driver: 'philips-intellivue', quality: 'bronze', line: '115200 8N1', movedFrom: 'USB 1.4', help: 'philips-intellivue', traffic: { ...none, bytesIn: 812e6, bytesOut: 1.9e6, faults: 3 } }),
    blank('USB 1.2', { state: 'receiving', finding: 'recognised', sentence: words('Dräger Evita V500 est reçu et enregistré.', 'Dräger Evita V500 is received and recorded.'), manufacturer: 'Dräger', model: 'Evita V500', protocol: 'MEDIBUS.X', driver: 'draeger-medibus', quality: 'bronze', line: '19200 8E1', listenOnly: true, help: 'draeger-medibus', traffic: { ...none, bytesIn: 64e6 } }),
    blank('USB 1.3', { finding: 'unknown-speed', sentence: words('On entend quelque chose, mais à aucune vitesse connue. Réglez la sortie de l’appareil sur une vitesse que le boîtier connaît.', 'Something is heard, but at no known speed. Set the device\'s output to a speed that the box knows.'), remedies: [SPEED, CONTACT], trying: { line: '9600 8E1', asked: [], stop: 5, stops: 9 }, traffic: { ...none, bytesIn: 4211, bytesOut: 380, lineErrors: 1873 } }),
    blank('USB 1.4', { finding: 'silent', sentence: words('On entend rien. Vérifiez que le câble est branché aux deux bouts.', 'Nothing is heard. Check that the cable is plugged in at both ends.'), remedies: [PLUGS, POWER, CROSS], trying: { line: '19200 8E1', asked: ['draeger-medibus', 'ge-datex-dri'], stop: 3, stops: 9 }, traffic: { ...none, bytesOut: 5120 } }),
    blank('USB 1.5', { trying: { line: '115200 8N1', asked: [], stop: 1, stops: 9 } }),
    blank('USB 1.6', { state: 'unplugged', finding: 'in-use', sentence: words('USB 1.6 est déjà utilisé par minicom (process 812). Arrêtez ce programme.', 'USB 1.6 is in use by minicom (process 812). Stop that program.'), remedies: [words('Arrêtez l’autre programme, ou réservez ce port à un seul des deux.', 'End the other program, or give this port to one of the two only.')] }),
  ],
});

const span = (text, style = 'plain') => ({ text, style });
const page = (fr) => ({
  title: fr ? 'Moniteurs Philips IntelliVue' : 'Philips IntelliVue patient monitors',
  lead: fr ? 'Par le réseau, ou par la carte MIB/RS232.' : 'On the network, or on the MIB/RS232 board.',
  sections: [
    { topic: 'cable', heading: fr ? 'Câble et connecteur' : 'Cable and connector', verdict: 'none', blocks: [{ kind: 'list', connector: '', cells: [], lines: [[span(fr ? 'Réseau : un câble ordinaire.' : 'Network: an ordinary cable.')], [span('RJ-45')]] }] },
    { topic: 'pinout', heading: fr ? 'Brochage' : 'Pinout', verdict: 'none', blocks: [{ kind: 'heading', connector: '', cells: [], lines: [[span('MIB/RS232')]] }, { kind: 'pinout', connector: 'rj45', lines: [], cells: [['RJ-45', 'signal', fr ? 'DB-9 du boîtier' : 'DB-9 of the box'], ['1', '+5 V', '–'], ['4', fr ? 'masse' : 'ground', '5'], ['5', fr ? 'le moniteur émet' : 'the monitor sends', '2'], ['7', fr ? 'le moniteur reçoit' : 'the monitor receives', fr ? '3 ; à vérifier' : '3; to be checked']] }] },
    { topic: 'null-modem', heading: 'Null-modem', verdict: 'no', blocks: [{ kind: 'paragraph', connector: '', cells: [], lines: [[span(fr ? 'Non.' : 'No.', 'strong'), span(' DtOut1 '), span('DtOut1', 'code'), span('LAN', 'word')]] }] },
  ],
});

export const helpList = [{ driver: 'philips-intellivue', manufacturer: 'Philips', devices: 'X2, MP, MX', quality: 'bronze', tried: ['115200 8N1', 'UDP 24105'], title: words(page(true).title, page(false).title), lead: words(page(true).lead, page(false).lead), nullModem: 'no', listenOnly: 'nothing' },
  { driver: 'draeger-medibus', manufacturer: 'Dräger', devices: 'Evita', quality: 'bronze', tried: ['19200 8E1'], title: words('Appareils Dräger', 'Dräger devices'), lead: words('En RS-232.', 'Over RS-232.'), nullModem: 'depends', listenOnly: 'nothing' }];
export const helpPage = { driver: 'philips-intellivue', manufacturer: 'Philips', devices: 'X2, MP, MX', quality: 'bronze', tried: ['115200 8N1', 'UDP 24105'], french: page(true), english: page(false) };

const counted = (expected, missing, late = 0, duplicated = 0) => {
  const lost = Object.values(missing).reduce((a, b) => a + b, 0);
  return { expected, received: expected - lost, missing, unexplained: 0, late, duplicated, share: (expected - lost) / expected };
};

export function completeness(signals) {
  const now = Date.now();
  const due = signals.filter((s) => s.kind === 'waveform' || s.expected_s !== null);
  return {
    at: iso(now), hour: { from: iso(now - 3.6e6), to: iso(now), whole: true }, day: { from: iso(now - 8.7e7), to: iso(now), whole: true },
    signals: due.map((s, i) => {
      const perHour = s.kind === 'waveform' ? 900_000 : 3_600;
      return { number: s.number, id: s.id, name: s.name, short: s.short, kind: s.kind, device: s.device, newest: iso(now - (i === 2 ? 600_000 : 500)), hour: counted(perHour, i % 3 === 0 ? { unplugged: 41 + i, 'lost-message': 7 } : {}, i, 0), day: counted(perHour * 24, i % 2 === 0 ? { restart: perHour / 60, 'device-silent': 12 } : {}, i * 3, i) };
    }),
  };
}

export const gaps = (signals) => signals.slice(0, 6).map((s, i) => ({ signal: s.id, number: s.number, device: s.device, from: iso(Date.now() - 2e6 - i * 1e5), until: iso(Date.now() - 2e6 - i * 1e5 + 8_000), cause: ['unplugged', 'lost-message', 'restart'][i % 3], missing: 41 + i }));
