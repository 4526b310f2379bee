// Sends first packets of connections: argv holds a JSON list of {proto, dst, dport, sport}. Waits for no answer.
import dgram from 'node:dgram';
import net from 'node:net';

const plans = JSON.parse(process.argv[2]);
const sockets = plans.map(({proto, dst, dport, sport}) => {
	if (proto === 'tcp') {
		const socket = net.connect({host: dst, port: dport, localPort: sport});
		socket.on('error', () => {});
		return () => socket.destroy();
	}
	const socket = dgram.createSocket('udp4');
	socket.on('error', () => {});
	socket.bind(sport, () => socket.send('dockhop', dport, dst));
	return () => socket.close();
});
// Before a first packet would be sent again (1 s).
setTimeout(() => {
	for (const close of sockets) close();
	process.exit(0);
}, 250);
