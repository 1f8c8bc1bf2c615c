// What the columns of a table are called where its header is not one record.

/** Of a table without a header. */
export const columnNumbers = (count: number): string[] =>
	Array.from({length: count}, (_, column) => `column_${column + 1}`);

/**
A name for each column that no other has: a column without one is called by its number, and where several have the same, all but the first by a
number behind it: `amount`, `amount_2`.
*/
export function differentNames(names: readonly string[]): readonly string[] {
	const asWritten = new Set(names);
	const taken = new Set<string>();
	const next = new Map<string, number>();
	return names.map((name, column) => {
		const own = name.trim() === '' ? `column_${column + 1}` : name;
		let different = own;
		// A name that is made must not be that of another column.
		while (taken.has(different) || (different !== name && asWritten.has(different))) {
			const number = next.get(own) ?? 2;
			next.set(own, number + 1);
			different = `${own}_${number}`;
		}
		taken.add(different);
		return different;
	});
}

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
