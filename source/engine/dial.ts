import type {Agent, AgentOptions} from 'node:http';
import {connect as connectSocket} from 'node:net';
import type {Duplex} from 'node:stream';
import type {Transport} from './address.js';
import {dialSsh} from './dial-ssh.js';

// An import statement would evaluate every export of node:http; WebSocket among them loads all of undici (25 ms).
const http = process.getBuiltinModule('node:http');

/**
 * An HTTP agent whose connections lead to the engine: how one is made is all in which the transports differ. Connections are kept
 * and used again; destroy() closes them.
 */
export function engineAgent(transport: Transport): Agent {
	// Names of servers are for TLS alone, and dial() knows its own; told so, the agent does not look for one at each request.
	const agent = new http.Agent({keepAlive: true, servername: ''} as AgentOptions);
	agent.createConnection = () => dial(transport);
	return agent;
}

function dial(transport: Transport): Duplex {
	if (transport.kind === 'unix') return connectSocket({path: transport.path});
	if (transport.kind === 'ssh') return dialSsh(transport);
	const {host, port, tls} = transport;
	if (!tls) return connectSocket({host, port});
	// Loaded where it is needed: most engines are asked without (8 ms).
	return process.getBuiltinModule('node:tls').connect({
		host,
		port,
		ca: tls.ca ?? undefined,
		cert: tls.cert ?? undefined,
		key: tls.key ?? undefined,
		rejectUnauthorized: tls.verify,
		// Server names are for names alone (RFC 6066, section 3).
		servername: /^[\d.]+$|:/.test(host) ? undefined : host,
	});
}
