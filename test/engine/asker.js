// Sends requests from the namespace in which it runs, all at once: lines "ID PROTO ADDRESS PORT" on stdin, "ID yes|no" on stdout.
import {createSocket} from 'node:dgram';
import {connect} from 'node:net';
import {text} from 'node:stream/consumers';

const limit = 2500;

const ask = {
	/** An answer of at least one byte. */
	tcp: (host, port) =>
		new Promise(done => {
			const socket = connect({host, port: Number(port)}, () => socket.write('GET / HTTP/1.0\r\n\r\n'));
			const end = answered => {
				socket.destroy();
				done(answered);
			};
			socket.setTimeout(limit, () => end(false));
			setTimeout(end, limit, false);
			socket.on('data', () => end(true));
			socket.on('error', () => end(false));
			socket.on('close', () => end(false));
		}),
	udp: (host, port) =>
		new Promise(done => {
			const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
			const end = answered => {
				done(answered);
				socket.close(() => {});
			};
			const timer = setTimeout(end, limit, false);
			const once = answered => {
				clearTimeout(timer);
				end(answered);
			};
			socket.once('message', () => once(true));
			socket.once('error', () => once(false));
			socket.connect(Number(port), host, error => (error ? once(false) : socket.send('dockhop\n')));
		}),
};

const lines = (await text(process.stdin)).split('\n').filter(Boolean);
await Promise.all(
	lines.map(async line => {
		const [id, proto, host, port] = line.split(' ');
		console.log(`${id} ${(await ask[proto](host, port)) ? 'yes' : 'no'}`);
	}),
);
process.exit(0);
