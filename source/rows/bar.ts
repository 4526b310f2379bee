/** A share of the most as a bar of at most `cells` cells, in eighths of a cell; what is there at all shows. null or 0: empty. */
export function bar(value: number | null, most: number, cells = barCells): string {
	if (value === null || value <= 0 || most <= 0) return '';
	const eighths = Math.max(1, Math.round((Math.min(value, most) / most) * cells * 8));
	return '█'.repeat(Math.floor(eighths / 8)) + (parts[eighths % 8] ?? '');
}

const parts = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const barCells = 4;
