// Names of months in English, German, French, Dutch, Spanish and Italian, without accents: in full, or their first three or four letters. No two
// months have the same.
const names: readonly (readonly string[])[] = [
	['january', 'januar', 'janvier', 'januari', 'enero', 'gennaio'],
	['february', 'februar', 'fevrier', 'februari', 'febrero', 'febbraio'],
	['march', 'marz', 'mrz', 'mars', 'maart', 'mrt', 'marzo'],
	['april', 'avril', 'abril', 'aprile'],
	['may', 'mai', 'mei', 'mayo', 'maggio'],
	['june', 'juni', 'juin', 'junio', 'giugno'],
	['july', 'juli', 'juillet', 'julio', 'luglio'],
	['august', 'aout', 'augustus', 'agosto'],
	['september', 'septembre', 'septiembre', 'settembre'],
	['october', 'oktober', 'octobre', 'octubre', 'ottobre'],
	['november', 'novembre', 'noviembre'],
	['december', 'dezember', 'decembre', 'diciembre', 'dicembre'],
];

/** Of June and July. */
const SHARED = 'jui';

const months: ReadonlyMap<string, number> = new Map(
	names.flatMap((all, index) =>
		all
			.flatMap(name => [name, name.slice(0, 3), name.slice(0, 4)])
			.filter(name => name !== SHARED)
			.map(name => [name, index + 1] as const),
	),
);

/** How the names begin, where no accent stands in their first three letters. */
export const monthBeginnings: readonly string[] = [...new Set(Array.from(months.keys(), name => name.slice(0, 3)))];

/** In UTF-8 and in Windows-1252. */
const ACCENTS: readonly (readonly [written: RegExp, plain: string])[] = [
	[/\xc3[\xa4\x84]|[\xe4\xc4]/g, 'a'],
	[/\xc3[\xa9\x89]|[\xe9\xc9]/g, 'e'],
	[/\xc3[\xbb\x9b]|[\xfb\xdb]/g, 'u'],
];

/** @param name - One character per byte. @returns 1 to 12; 0 if it is no name of a month. */
export function monthOf(name: string): number {
	const plain = ACCENTS.reduce((text, [written, letter]) => text.replaceAll(written, letter), name);
	return months.get(plain.toLowerCase()) ?? 0;
}
