import {rmSync} from 'node:fs';
import {createServer, type ServerResponse} from 'node:http';
import {type Answers, answersOf, type Maker} from '../engine-json/answers.js';

/**
 * A server on a unix socket that gives again what a real engine answered, as one of another host (so that no kernel is read), and
 * counts what it is asked.
 */
export async function replayEngine(maker: Maker, path: string) {
	let answers: Answers = elsewhere(answersOf(maker));
	const asked: string[] = [];
	const streams = new Set<ServerResponse>();
	const server = createServer((request, response) => {
		const url = new URL(request.url ?? '/', 'http://engine');
		asked.push(url.pathname);
		if (url.pathname === '/events') {
			streams.add(response);
			response.writeHead(200).flushHeaders();
			return;
		}
		const id = /^\/containers\/(\w+)\/json$/.exec(url.pathname)?.[1];
		const found = id
			? answers.inspections.find(({Id}) => Id === id)
			: {'/version': answers.version, '/info': answers.info, '/networks': answers.networks, '/containers/json': answers.containers}[
					url.pathname
				];
		response
			.writeHead(found ? 200 : 404, {'content-type': 'application/json'})
			.end(JSON.stringify(found ?? {message: 'no such container'}));
	});
	await new Promise<void>(resolve => server.listen(path, resolve));
	return {
		asked,
		change(to: (answers: Answers) => Answers): void {
			answers = to(answers);
		},
		event(line: object): void {
			for (const stream of streams) stream.write(`${JSON.stringify(line)}\n`);
		},
		async stop(): Promise<void> {
			server.closeAllConnections();
			await new Promise(resolve => server.close(resolve));
			rmSync(path, {force: true});
		},
	};
}

/** Its pids are larger than any of this host (pid_max(5)). */
function elsewhere(answers: Answers): Answers {
	return {
		...answers,
		info: {...answers.info, Name: 'elsewhere.example', KernelVersion: '0'},
		inspections: answers.inspections.map(one => (one.State?.Pid ? {...one, State: {...one.State, Pid: 4_194_304}} : one)),
	};
}
