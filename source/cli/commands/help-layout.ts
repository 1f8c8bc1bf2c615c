// Text in lines of a width, and tables of two columns, for the help.
export function formatExamples(
	examples: readonly (readonly [command: string, purpose: string])[],
	width: number,
): string[] {
	const columns = Math.max(
		...examples.map(([command]) => command.length).filter(length => length < MAX_EXAMPLE_COLUMNS),
	);
	return examples.flatMap(([command, purpose]) => {
		const line = `  ${command.padEnd(columns)}  ${purpose}`.trimEnd();
		if (purpose === '') return [line];
		return line.length <= width ? [line] : [`  ${command}`, ...wrap(purpose, width - 6).map(part => `      ${part}`)];
	});
}

/** A longer one has a line of its own anyway. */
const MAX_EXAMPLE_COLUMNS = 54;

/** Two columns; a left cell that is too wide gets its own line. */
export function formatTable(
	rows: readonly (readonly [left: string, right: string])[],
	width: number,
	leftColumns: number,
): string[] {
	const indent = ' '.repeat(leftColumns + 4);
	return rows.flatMap(([left, right]) => {
		const [first = '', ...others] = wrap(right, width - indent.length);
		const isTooWide = left.length > leftColumns;
		const head = isTooWide ? [`  ${left}`, `${indent}${first}`] : [`  ${left.padEnd(leftColumns)}  ${first}`];
		return [...head.map(line => line.trimEnd()), ...others.map(line => `${indent}${line}`)];
	});
}

export function wrap(text: string, width: number): string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(' ')) {
		if (line !== '' && line.length + 1 + word.length > width) {
			lines.push(line);
			line = word;
		} else {
			line = line === '' ? word : `${line} ${word}`;
		}
	}
	return [...lines, line];
}
