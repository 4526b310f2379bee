// Servers of every manner on the ports that the probe's tests ask for; prints "ready" once all listen.
import dgram from 'node:dgram';
import http from 'node:http';
import net from 'node:net';

const ignore = () => {};
const tcp = (port, talk) =>
	net
		.createServer(socket => {
			socket.on('error', ignore);
			talk(socket);
		})
		.listen(port, '::');

http
	.createServer((request, response) => {
		response.statusCode = Number(request.url.slice(1)) || 200;
		response.end('x');
	})
	.listen(80, '::');
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
