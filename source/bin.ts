import nodeModule from 'node:module';

// This file has to load on any Node, so that an old one is told what is missing: nothing newer than dynamic import stands here.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
	process.stderr.write(`dockhop: this is Node ${process.versions.node}; it needs Node 22.12 or later: https://nodejs.org\n`);
	process.exitCode = 2;
} else {
	nodeModule.enableCompileCache();
	import('../cli.js').catch(error => {
		process.stderr.write(`dockhop: it failed: ${error instanceof Error ? error.message : error}\n`);
		process.exitCode = 3;
	});
}
