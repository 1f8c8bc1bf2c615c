// Sizes as people write them: 500, 64k, 1.5GB, 16MiB.

const UNITS: Readonly<Record<string, number>> = {
	'': 1,
	b: 1,
	...multiples(['', 'b'], 1000),
	...multiples(['i', 'ib'], 1024),
};

function multiples(endings: readonly string[], base: number): Record<string, number> {
	return Object.fromEntries(
		['k', 'm', 'g', 't', 'p'].flatMap((prefix, index) => endings.map(ending => [prefix + ending, base ** (index + 1)])),
	);
}

/** @returns Bytes, which need not be whole; `undefined` where the text is no size. */
export function parseByteSize(text: string): number | undefined {
	const [, digits, unit = ''] = /^(\d+(?:\.\d*)?|\.\d+)\s*([a-z]*)$/i.exec(text.replaceAll(/[,_]/g, '')) ?? [];
	const factor = UNITS[unit.toLowerCase()];
	return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

/** The shortest text that `parseByteSize` reads as exactly so many bytes: `16MiB`, `1GB`, `1001`. */
export function formatByteSize(bytes: number): string {
	const largest = (units: readonly string[]): string | undefined =>
		units.findLast(unit => bytes > 0 && Number.isInteger(bytes / (UNITS[unit.toLowerCase()] ?? 1)));
	const unit = largest(['KiB', 'MiB', 'GiB', 'TiB', 'PiB']) ?? largest(['kB', 'MB', 'GB', 'TB', 'PB']) ?? '';
	return `${bytes / (UNITS[unit.toLowerCase()] ?? 1)}${unit}`;
}
