// What the columns of a table are called where its header is not one record.

/** Of a table without a header. */
export const columnNumbers = (count: number): string[] =>
	Array.from({length: count}, (_, column) => `column_${column + 1}`);

/** Of a header of several records: what stands in each of them, joined with a blank. */
export function joinNames(rows: readonly (readonly string[])[]): readonly string[] {
	const [first = []] = rows;
	if (rows.length <= 1) return first;
	const count = Math.max(...rows.map(({length}) => length));
	return Array.from({length: count}, (_, column) =>
		rows
			.map(names => (names[column] ?? '').trim())
			.filter(name => name !== '')
			.join(' '),
	);
}
