/**
 * node scripts/bench-proxy.ts LISTEN TARGET
 *
 * Hands every connection to the unix socket LISTEN on to the unix socket TARGET and prints a line for each request: "GET /version".
 */
import {rmSync} from 'node:fs';
import {connect, createServer} from 'node:net';

const [listen = '', target = ''] = process.argv.slice(2);
rmSync(listen, {force: true});
createServer(client => {
	const engine = connect(target);
	for (const [one, other] of [
		[client, engine],
		[engine, client],
	] as const) {
		one.pipe(other);
		one.on('error', () => other.destroy());
		one.on('close', () => other.destroy());
	}
	// A request without a body comes in one piece: its line stands at the beginning.
	client.on('data', (bytes: Buffer) => {
		for (const [, line] of bytes.toString('latin1').matchAll(/^((?:GET|HEAD|POST|PUT|DELETE) \S+) HTTP\/1/gm))
			process.stdout.write(`${line}\n`);
	});
}).listen(listen, () => process.stdout.write('listening\n'));
