import {readFileSync} from 'node:fs';

/** What a real kernel's program or file said (kernel 6.18, iproute2 6.1), captured in namespaces that held one of everything. */
export function fixture(name: string): string {
	return readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
}
