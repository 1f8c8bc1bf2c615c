// Which heading of a file is a column of an analysis, as the user says: `amount=Betrag,date="Datum, Uhrzeit"`.

/** The headings of files by the columns of analyses. */
export type ColumnMap = Readonly<Record<string, string>>;

/** Further names that columns of analyses may have in headers, by the columns. */
export type OwnAliases = Readonly<Record<string, readonly string[]>>;

const ITEM = /\s*([^=,"]+?)\s*=\s*(?:"((?:[^"]|"")*)"|([^",]*?))\s*(?:,|$)/y;

/** What is wrong with the text of a map; `undefined` where it can be used. */
export function findColumnMapFault(text: string): string | undefined {
	const entries = readItems(text);
	if (entries === null)
		return 'expected columns and headings as in amount=Betrag,date=Datum; a heading with a comma is quoted: date="Datum, Uhrzeit"';
	const columns = entries.map(([column]) => column);
	const twice = columns.find((column, index) => columns.indexOf(column) !== index);
	return twice === undefined ? undefined : `the column ${twice} has two headings`;
}

/** Of a text without a fault. */
export const parseColumnMap = (text: string): ColumnMap => Object.fromEntries(readItems(text) ?? []);

function readItems(text: string): readonly (readonly [string, string])[] | null {
	const items: [string, string][] = [];
	ITEM.lastIndex = 0;
	while (ITEM.lastIndex < text.length) {
		const [, column = '', quoted, plain = ''] = ITEM.exec(text) ?? [];
		const heading = quoted?.replaceAll('""', '"') ?? plain;
		if (column === '' || heading === '') return null;
		items.push([column, heading]);
	}
	// A comma at the end announces one more.
	return items.length === 0 || text.trimEnd().endsWith(',') ? null : items;
}
