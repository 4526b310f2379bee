import {writeFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import type {IBufferCell, Terminal} from '@xterm/headless';
import {type Program, start} from '../test/terminal/program.ts';

/**
 * Draws docs/*.svg from the real program: it runs in a pseudo-terminal on the demo recording, keys are pressed, and the screen that is
 * then there is drawn cell by cell. So a picture shows what the program shows, and nothing else.
 */
export async function screenshots(folder = fileURLToPath(new URL('../docs/', import.meta.url))): Promise<void> {
	for (const {name, columns, rows, paper, keys} of pictures()) {
		const program = start(['--demo'], {columns, rows, env: {LC_ALL: 'C.UTF-8'}});
		try {
			await program.waitFor('Networks');
			await program.settled();
			await keys(program);
			await program.settled();
			await writeFile(`${folder}/${name}.svg`, svgOf(program.terminal, paper));
		} finally {
			program.stop();
		}
	}
}

/** The terminal's screen as an SVG picture, one run of text per change of style. */
export function svgOf(terminal: Terminal, paper: Paper = dark): string {
	const width = terminal.cols * cell.width + 2 * margin;
	const height = terminal.rows * cell.height + 2 * margin;
	const rows = Array.from({length: terminal.rows}, (_, row) => rowOf(terminal, row, paper)).join('\n');
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
		`<rect width="100%" height="100%" rx="6" fill="${paper.background}"/>`,
		`<g font-family="'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${cell.font}" fill="${paper.foreground}">`,
		rows,
		'</g>',
		'</svg>',
		'',
	].join('\n');
}

function rowOf(terminal: Terminal, row: number, paper: Paper): string {
	const line = terminal.buffer.active.getLine(terminal.buffer.active.viewportY + row);
	const runs: {column: number; cells: number; text: string; style: string}[] = [];
	for (let column = 0; line && column < terminal.cols; column++) {
		const at = line.getCell(column);
		if (!at || at.getWidth() === 0) continue;
		const style = styleOf(at, paper);
		const text = at.getChars() || ' ';
		const last = runs.at(-1);
		if (last?.style === style && last.column + last.cells === column) {
			last.text += text;
			last.cells += at.getWidth();
		} else runs.push({column, cells: at.getWidth(), text, style});
	}
	const y = margin + row * cell.height + cell.baseline;
	return runs
		.filter(({text}) => text.trim() !== '')
		.map(({column, cells, text, style}) => {
			// The length is fixed, so that a browser's other font keeps the columns.
			const length = (cells * cell.width).toFixed(1);
			const x = (margin + column * cell.width).toFixed(1);
			return `<text x="${x}" y="${y}" textLength="${length}" xml:space="preserve"${style}>${escaped(text)}</text>`;
		})
		.join('');
}

function styleOf(at: IBufferCell, {colors}: Paper): string {
	const color = at.isFgPalette() ? colors[at.getFgColor()] : undefined;
	return [
		at.isInverse() ? ' text-decoration="underline"' : '',
		color ? ` fill="${color}"` : '',
		at.isDim() ? ' opacity="0.6"' : '',
		at.isBold() ? ' font-weight="bold"' : '',
	].join('');
}

function escaped(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

interface Picture {
	name: string;
	columns: number;
	rows: number;
	paper?: Paper;
	keys(program: Program): Promise<void>;
}

const pictures = (): Picture[] => [
	{
		name: 'explorer',
		columns: 120,
		rows: 40,
		async keys(program) {
			program.press(':', 'www:80 from lan', 'enter');
			await program.waitFor(/ (delivered|blocked|undetermined)/);
			program.press('g', 'j', 'j');
		},
	},
	{
		name: 'explorer-light',
		columns: 100,
		rows: 30,
		paper: light,
		async keys(program) {
			program.press(':', 'other:80 from app', 'enter');
			await program.waitFor(/ (delivered|blocked|undetermined)/);
		},
	},
	{
		name: 'explorer-80x24',
		columns: 80,
		rows: 24,
		async keys(program) {
			program.press(':', 'web:80 from app', 'enter');
			await program.waitFor(/ (delivered|blocked|undetermined)/);
		},
	},
	{
		name: 'trace',
		columns: 120,
		rows: 40,
		async keys(program) {
			program.press(':', 'www:80 from lan', 'enter');
			await program.waitFor(/ (delivered|blocked|undetermined)/);
			program.press('t');
			await program.waitFor('as explained');
			program.press('g', 'j', 'j');
		},
	},
	{
		name: 'trace-blocked',
		columns: 80,
		rows: 24,
		async keys(program) {
			program.press(':', 'api:80 from lan', 'enter');
			await program.waitFor(/ (delivered|blocked|undetermined)/);
			program.press('t');
			await program.waitFor('as explained');
		},
	},
];

const cell = {width: 8.4, height: 16.3, font: 14, baseline: 13};
const margin = 12;

/** Colours of a terminal: paper, ink, and its own 16. */
interface Paper {
	background: string;
	foreground: string;
	colors: readonly string[];
}

const dark: Paper = {
	background: '#11151c',
	foreground: '#d5dae3',
	colors:
		'#5c6370 #e06c75 #98c379 #e5c07b #61afef #c678dd #56b6c2 #d5dae3 #7f848e #e06c75 #98c379 #e5c07b #61afef #c678dd #56b6c2 #ffffff'.split(
			' ',
		),
};
/** As a light terminal has them (Solarized's, in which yellow and green have to be readable on white). */
const light: Paper = {
	background: '#fdf6e3',
	foreground: '#3b4a52',
	colors:
		'#073642 #dc322f #859900 #b58900 #268bd2 #d33682 #2aa198 #eee8d5 #002b36 #cb4b16 #586e75 #657b83 #839496 #6c71c4 #93a1a1 #fdf6e3'.split(
			' ',
		),
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await screenshots(process.argv[2]);
