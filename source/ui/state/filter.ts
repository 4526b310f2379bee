/** Rows of which any cell contains `filter`, without regard to case; a leading "!" inverts. An empty filter keeps all. */
export function filterRows<R extends {cells: readonly string[]}>(rows: readonly R[], filter: string): readonly R[] {
	const inverted = filter.startsWith('!');
	const wanted = (inverted ? filter.slice(1) : filter).toLowerCase();
	if (wanted === '') return rows;
	return rows.filter(row => row.cells.some(cell => cell.toLowerCase().includes(wanted)) !== inverted);
}
