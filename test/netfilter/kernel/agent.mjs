// One namespace of the testbed: answers on its ports, and sends what it is told to on stdin, one JSON line each.
import {spawn} from 'node:child_process';
import dgram from 'node:dgram';
import net from 'node:net';
import readline from 'node:readline';

const {addresses, ports, silent} = JSON.parse(process.argv[2]);
// Nobody's datagrams look like them: the answer is longer than the question, and a trace shows lengths.
const question = 'dockhop';
const answer = 'dockhop ok';
const ways = {tcp: connect, udp: datagram};

for (const port of ports) {
	const server = net.createServer(socket => {
		socket.on('error', () => {});
		socket.on('data', () => socket.write(answer));
	});
	server.listen(port, '::');
}
// Bound to one address each: the answer comes from the address that was asked.
for (const address of addresses) {
	for (const port of [...ports, ...silent]) {
		const socket = dgram.createSocket(address.includes(':') ? 'udp6' : 'udp4');
		socket.on('error', () => {});
		if (!silent.includes(port)) socket.on('message', (_data, from) => socket.send(answer, from.port, from.address, () => {}));
		socket.bind(port, address);
	}
}

const marker = dgram.createSocket('udp4');
marker.on('error', () => {});
marker.bind(0, '127.0.0.1', () => say({ready: true}));

const raw = spawn('perl', [new URL('raw.pl', import.meta.url).pathname], {stdio: ['pipe', 'pipe', 'inherit']});
const rawReplies = readline.createInterface(raw.stdout)[Symbol.asyncIterator]();

for await (const line of readline.createInterface(process.stdin)) {
	const told = JSON.parse(line);
	if (told.mark !== undefined) marker.send('mark', told.mark, '127.0.0.1', () => say({marked: told.mark}));
	else say({reached: await (ways[told.proto] ?? byRawSocket)(told)});
}
process.exit(0);

async function byRawSocket(told) {
	raw.stdin.write(`${JSON.stringify(told)}\n`);
	return JSON.parse((await rawReplies.next()).value).reached;
}

function connect({dst, dport, sport, patience}) {
	return new Promise(resolve => {
		const socket = net.connect({host: dst, port: dport, localPort: sport});
		const end = reached => {
			clearTimeout(timer);
			// A reset of a socket that is still connecting would wait for the connection.
			if (socket.connecting) socket.destroy();
			else socket.resetAndDestroy();
			resolve(reached);
		};
		const timer = setTimeout(end, patience, false);
		socket.on('connect', () => socket.write(question));
		socket.on('data', () => end(true));
		socket.on('error', () => end(false));
		socket.on('close', () => end(false));
	});
}

function datagram({dst, dport, sport, ttl, patience}) {
	return new Promise(resolve => {
		const socket = dgram.createSocket(dst.includes(':') ? 'udp6' : 'udp4');
		const end = reached => {
			clearTimeout(timer);
			try {
				socket.close();
			} catch {}
			resolve(reached);
		};
		const timer = setTimeout(end, patience, false);
		socket.on('error', () => end(false));
		socket.on('message', () => end(true));
		socket.bind(sport, () => {
			socket.setTTL(ttl);
			// Connected: an answer from another address than the one asked is none.
			socket.connect(dport, dst, error => (error ? end(false) : socket.send(question, () => {})));
		});
	});
}

function say(what) {
	process.stdout.write(`${JSON.stringify(what)}\n`);
}
