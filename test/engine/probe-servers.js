// Servers of every manner on the ports that the probe's tests ask for; prints "ready" once all listen.

import {execFileSync} from 'node:child_process';
import dgram from 'node:dgram';
import {readFileSync, rmSync} from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';

const ignore = () => {};
const tcp = (port, talk) =>
	net
		.createServer(socket => {
			socket.on('error', ignore);
			talk(socket);
		})
		.listen(port, '::');

const answer = (request, response) => {
	response.statusCode = Number(request.url.slice(1)) || 200;
	response.end('x');
};
http.createServer(answer).listen(80, '::');
https.createServer(selfSigned(), answer).listen(443, '::');
tcp(22, socket => socket.write('SSH-2.0-test\r\n'));
tcp(23, socket => socket.on('data', ignore));
tcp(24, socket => socket.end());
tcp(25, socket => socket.resetAndDestroy());
tcp(26, socket => socket.once('data', () => socket.destroy()));
// Takes the connection, never reads it.
net.createServer({pauseOnConnect: true}, ignore).listen(27, '::');
const echo = dgram.createSocket('udp6');
echo.on('message', (message, from) => echo.send(message, from.port, from.address));
echo.bind(7, '::');
dgram.createSocket('udp6').bind(9, '::');
setTimeout(() => console.log('ready'), 200);

/** A certificate that nobody trusts. */
function selfSigned() {
	const [key, cert] = ['key', 'cert'].map(name => `/tmp/dhp-${process.pid}.${name}`);
	const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=lab'];
	execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', cert, '-days', '2'], {stdio: 'ignore'});
	const read = {key: readFileSync(key), cert: readFileSync(cert)};
	rmSync(key);
	rmSync(cert);
	return read;
}
