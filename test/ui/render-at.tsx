import {PassThrough, Writable} from 'node:stream';
import headless, {type Terminal} from '@xterm/headless';
import {render} from 'ink';
import type {ReactNode} from 'react';

export interface Screen {
	/** Lines as a person sees them, without trailing spaces. */
	lines(): string[];
	/** Bytes written since the last call. */
	written(): number;
	rerender(element: ReactNode): Promise<void>;
	unmount(): void;
}

/** Draws an element with Ink into a headless terminal of this size, and waits until the terminal shows it. */
export async function renderAt(columns: number, rows: number, element: ReactNode): Promise<Screen> {
	const terminal = new headless.Terminal({cols: columns, rows, allowProposedApi: true, convertEol: true});
	let bytes = 0;
	const stdout = new Writable({
		write(chunk: Buffer, _, done) {
			bytes += chunk.length;
			terminal.write(chunk, done);
		},
	});
	Object.assign(stdout, {columns, rows, isTTY: true});
	const stdin = Object.assign(new PassThrough(), {isTTY: true, setRawMode: () => stdin, ref: () => stdin, unref: () => stdin});
	const app = render(element, {
		stdin: stdin as unknown as NodeJS.ReadStream,
		stdout: stdout as unknown as NodeJS.WriteStream,
		alternateScreen: true,
		incrementalRendering: true,
		interactive: true,
		patchConsole: false,
	});
	await app.waitUntilRenderFlush();
	return {
		lines: () => screenLines(terminal),
		written() {
			const since = bytes;
			bytes = 0;
			return since;
		},
		async rerender(next) {
			app.rerender(next);
			await app.waitUntilRenderFlush();
		},
		unmount: () => app.unmount(),
	};
}

export function screenLines(terminal: Terminal): string[] {
	const {active} = terminal.buffer;
	return Array.from({length: terminal.rows}, (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '');
}
