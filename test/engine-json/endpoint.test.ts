import {createHash} from 'node:crypto';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, test} from 'vitest';
import {parseAddress} from '../../source/engine/address.js';
import {sshArguments} from '../../source/engine/dial-ssh.js';
import {findEndpoint} from '../../source/engine/endpoint.js';

const folder = mkdtempSync(join(tmpdir(), 'dockhop-endpoint-'));
afterAll(() => rmSync(folder, {recursive: true}));

/** A Docker CLI's folder as `docker context create` lays it out. */
function config(name: string, current: string | null, contexts: Record<string, {host: string; ca?: string}>): NodeJS.ProcessEnv {
	const home = join(folder, name);
	mkdirSync(home);
	writeFileSync(join(home, 'config.json'), JSON.stringify(current === null ? {} : {currentContext: current}));
	for (const [context, {host, ca}] of Object.entries(contexts)) {
		const id = createHash('sha256').update(context).digest('hex');
		mkdirSync(join(home, 'contexts/meta', id), {recursive: true});
		const meta = {Name: context, Metadata: {}, Endpoints: {docker: {Host: host, SkipTLSVerify: false}}};
		writeFileSync(join(home, 'contexts/meta', id, 'meta.json'), JSON.stringify(meta));
		if (!ca) continue;
		mkdirSync(join(home, 'contexts/tls', id, 'docker'), {recursive: true});
		writeFileSync(join(home, 'contexts/tls', id, 'docker/ca.pem'), ca);
	}
	return {DOCKER_CONFIG: home};
}

describe('which engine is asked', () => {
	const env = config('two', 'far', {far: {host: 'ssh://me@far.example'}, tls: {host: 'tcp://192.0.2.7:2376', ca: 'CA'}});

	test.each([
		['nothing said', {}, config('none', null, {}), 'unix:///var/run/docker.sock', 'default socket'],
		['the current context', {}, env, 'ssh://me@far.example', 'context far'],
		['DOCKER_HOST is before the current context', {}, {...env, DOCKER_HOST: 'tcp://192.0.2.1'}, 'tcp://192.0.2.1', 'DOCKER_HOST'],
		['DOCKER_CONTEXT too', {}, {...env, DOCKER_CONTEXT: 'tls'}, 'tcp://192.0.2.7:2376', 'context tls'],
		['DOCKER_HOST is before DOCKER_CONTEXT', {}, {...env, DOCKER_CONTEXT: 'tls', DOCKER_HOST: 'unix:///a'}, 'unix:///a', 'DOCKER_HOST'],
		['--context is before DOCKER_HOST', {context: 'tls'}, {...env, DOCKER_HOST: 'unix:///a'}, 'tcp://192.0.2.7:2376', 'context tls'],
		[
			'--context default is what the environment says',
			{context: 'default'},
			{...env, DOCKER_HOST: 'unix:///a'},
			'unix:///a',
			'DOCKER_HOST',
		],
		['--host is before all', {host: 'unix:///b'}, {...env, DOCKER_HOST: 'unix:///a'}, 'unix:///b', '--host'],
		['a context named default is the socket', {}, config('plain', 'default', {}), 'unix:///var/run/docker.sock', 'default socket'],
	])('%s', async (_, choice, environment, url, chosenBy) => {
		expect(await findEndpoint(choice, environment)).toMatchObject({url, chosenBy});
	});

	test('a context brings its TLS files', async () => {
		expect(await findEndpoint({context: 'tls'}, env)).toMatchObject({
			transport: {kind: 'tcp', host: '192.0.2.7', port: 2376, tls: {ca: 'CA', cert: null, key: null, verify: true}},
		});
	});

	test('DOCKER_TLS_VERIFY brings those of DOCKER_CERT_PATH', async () => {
		writeFileSync(join(folder, 'key.pem'), 'KEY');
		const found = await findEndpoint({host: 'tcp://192.0.2.1'}, {DOCKER_CERT_PATH: folder, DOCKER_TLS_VERIFY: '1'});
		expect(found).toMatchObject({transport: {port: 2376, tls: {key: 'KEY', ca: null, verify: true}}});
	});

	test.each([
		['a context that is not there', {context: 'gone'}, env, /there is no Docker context gone/],
		['two engines at once', {host: 'unix:///a', context: 'far'}, env, /name two engines/],
		['a URL that is none', {host: 'tcp://a b'}, env, /is not a URL/],
		['a Windows pipe', {host: 'npipe:////./pipe/docker_engine'}, env, /Windows pipe/],
		['another scheme', {}, {DOCKER_HOST: 'fd://3'}, /fd:\/\/ is none of/],
	])('%s is never another engine instead', async (_, choice, environment, problem) => {
		const found = await findEndpoint(choice, environment);
		expect(found).toMatchObject({problem: expect.stringMatching(problem)});
	});

	test('settings that cannot be read say so', async () => {
		const broken = join(folder, 'broken');
		mkdirSync(broken);
		writeFileSync(join(broken, 'config.json'), '{"currentContext": ');
		expect(await findEndpoint({}, {DOCKER_CONFIG: broken})).toMatchObject({problem: expect.stringContaining(broken)});
	});

	test('what was looked at before is told', async () => {
		const found = await findEndpoint({}, config('told', null, {}));
		expect(found.tried).toEqual([{what: 'DOCKER_HOST', result: 'not set'}]);
	});
});

test.each([
	['unix:///run/user/1000/docker.sock', {kind: 'unix', path: '/run/user/1000/docker.sock'}],
	['tcp://[2001:db8::1]:2375', {kind: 'tcp', host: '2001:db8::1', port: 2375, tls: null}],
	['192.0.2.1:4243', {kind: 'tcp', host: '192.0.2.1', port: 4243, tls: null}],
	['http://192.0.2.1:80', {kind: 'tcp', host: '192.0.2.1', port: 80, tls: null}],
	['https://docker.example', {kind: 'tcp', host: 'docker.example', port: 2376, tls: {ca: null, cert: null, key: null, verify: true}}],
	['ssh://me@far.example:2222/run/d.sock', {kind: 'ssh', user: 'me', host: 'far.example', port: 2222, socket: '/run/d.sock'}],
])('%s', (url, transport) => {
	expect(parseAddress(url, null)).toEqual(transport);
});

test.each(['unix://relative', 'ssh://-oProxyCommand=touch%20x/', 'ssh://-l@host', 'ssh://me:secret@host', 'tcp://', ''])(
	'%s is refused',
	url => {
		expect(parseAddress(url, null)).toHaveProperty('problem');
	},
);

test('ssh gets the host behind "--" and a socket path that no shell can misread', () => {
	const argv = sshArguments({kind: 'ssh', user: 'me', host: 'far', port: 22, socket: "/a b';reboot"});
	expect(argv.slice(-9)).toEqual(['-p', '22', '--', 'far', 'docker', '--host', "unix://'/a b'\\'';reboot'", 'system', 'dial-stdio']);
});
