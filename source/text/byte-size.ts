// Sizes as people write them: 500, 64k, 1.5GB, 16MiB.

/** Factors by their units in lower case. */
export type Units = ReadonlyMap<string, number>;

const UNITS: Units = new Map([['', 1], ['b', 1], ...multiples(['', 'b'], 1000), ...multiples(['i', 'ib'], 1024)]);

function multiples(endings: readonly string[], base: number): Array<[unit: string, factor: number]> {
	return ['k', 'm', 'g', 't', 'p'].flatMap((prefix, index) =>
		endings.map((ending): [string, number] => [prefix + ending, base ** (index + 1)]),
	);
}

/** @returns Bytes, possibly with a fraction; `undefined` where the text is not a size. */
export const parseByteSize = (text: string): number | undefined => parseWithUnit(text, UNITS);

/** Reads a number followed by a unit. */
export function parseWithUnit(text: string, units: Units): number | undefined {
	const [, digits, unit = ''] = /^(\d+(?:\.\d*)?|\.\d+)\s*([a-z]*)$/i.exec(text.replaceAll(/[,_]/g, '')) ?? [];
	const factor = units.get(unit.toLowerCase());
	return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

/** The shortest text that `parseByteSize` reads as exactly this number of bytes: `16MiB`, `1GB`, `1001`. */
export function formatByteSize(bytes: number): string {
	const factorOf = (unit: string): number => UNITS.get(unit.toLowerCase()) ?? 1;
	const largest = (units: readonly string[]): string | undefined =>
		units.findLast(unit => bytes > 0 && Number.isInteger(bytes / factorOf(unit)));
	const unit = largest(['KiB', 'MiB', 'GiB', 'TiB', 'PiB']) ?? largest(['kB', 'MB', 'GB', 'TB', 'PB']) ?? '';
	return `${bytes / factorOf(unit)}${unit}`;
}
