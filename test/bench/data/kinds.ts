// The kinds of data that are measured. Sizes are decimal: 1 MB is a million bytes.
const MB = 1_000_000;

export interface Kind {
	readonly name: string;
	/** For the table: what the files hold. */
	readonly what: string;
	readonly files: number;
	readonly bytesPerFile: number;
	/** Only when asked for by name, or with `--all`. */
	readonly isExtra: boolean;
	/** Too much for anyone but us. */
	readonly isOursOnly: boolean;
	/** Slow rivals read the beginning only: so many bytes of the first file, or everything. */
	readonly part: number | 'all';
	/** What is asked: which analysis the data is for. */
	readonly question: 'transactions' | 'sales';
	/** Sales are written by `fileproc-tui generate`; of what stands here, only the quotes and the newline are theirs. */
	readonly rows: RowShape;
}

/** What the records look like. */
export interface RowShape {
	/** Text is in quotes, some of it with commas, quotes and newlines inside, and there is a column `note`. */
	readonly isQuoted: boolean;
	readonly newline: '\n' | '\r\n';
	/** How many customers there are. Past 200,000 different ones we estimate, so the rivals may, too. */
	readonly customers: number;
	readonly categories: number;
	/** Amounts have none to four decimals, instead of two. */
	readonly hasMixedDecimals: boolean;
}

/** Of the `plain` kind, and what others differ from. */
export const plainRows: RowShape = {
	isQuoted: false,
	newline: '\n',
	customers: 20_000,
	categories: 16,
	hasMixedDecimals: false,
};
const base = {
	files: 8,
	bytesPerFile: 64 * MB,
	isExtra: false,
	isOursOnly: false,
	part: 64 * MB,
	question: 'transactions',
	rows: plainRows,
} as const;

export const KINDS: readonly Kind[] = [
	{...base, name: 'plain', what: 'nothing quoted', bytesPerFile: 128 * MB},
	{...base, name: 'one', what: 'the same in a single file', files: 1, bytesPerFile: 1024 * MB},
	{...base, name: 'tiny', what: 'the same in small files', files: 5000, bytesPerFile: 20_000, part: 'all'},
	{
		...base,
		name: 'quoted',
		what: 'every text in quotes, 4 of 16 categories and a quarter of the notes with commas, quotes and newlines inside',
		bytesPerFile: 32 * MB,
		part: 32 * MB,
		rows: {...plainRows, isQuoted: true},
	},
	{
		...base,
		name: 'sales',
		what: 'orders of ten departments, a quarter of the records with quotes',
		question: 'sales',
		rows: {...plainRows, isQuoted: true},
	},
	{
		...base,
		name: 'wide-distinct',
		what: '5,000,000 customers, whose number is estimated',
		bytesPerFile: 128 * MB,
		isExtra: true,
		rows: {...plainRows, customers: 5_000_000},
	},
	{...base, name: 'crlf', what: 'lines end in CRLF', isExtra: true, rows: {...plainRows, newline: '\r\n'}},
	{
		...base,
		name: 'mixed-decimals',
		what: 'amounts of none to four decimals',
		isExtra: true,
		rows: {...plainRows, hasMixedDecimals: true},
	},
	{...base, name: 'categories', what: '20,000 categories', isExtra: true, rows: {...plainRows, categories: 20_000}},
	{
		...base,
		name: 'huge',
		what: 'a single large file, for its memory',
		files: 1,
		bytesPerFile: 10_240 * MB,
		isExtra: true,
		isOursOnly: true,
	},
];

/** Kinds of smaller (or larger) files: for trying things out. The number of files is scaled where they are tiny. */
export function scaleKind(kind: Kind, scale: number): Kind {
	if (scale === 1) return kind;
	if (kind.part === 'all') return {...kind, files: Math.max(1, Math.round(kind.files * scale))};
	return {
		...kind,
		bytesPerFile: Math.max(10_000, Math.round(kind.bytesPerFile * scale)),
		part: Math.max(10_000, Math.round(kind.part * scale)),
	};
}
