// Which delimiter, quote and escape a text has. Each candidate splits the beginning of the file into records, and the best one is that
// whose records have as many fields each, with cells that are as cells are (the idea of Van den Burg, Nazábal, Sutton: Wrangling Messy
// CSV Files by Detecting Row and Type Patterns, 2019).
import type {Dialect, Quote} from '../dialect.ts';
import {isClean, isTyped, kindOf} from './cell-kinds.ts';
import {type SampleRecord, type SampleSyntax, type SplitSample, splitSample} from './split-sample.ts';

export interface SyntaxChoice {
	readonly syntax: SampleSyntax;
	readonly sample: SplitSample;
	/** How many fields most records have. */
	readonly columns: number;
	/** From 0 to 1. */
	readonly score: number;
	/** The part of the records that have as many fields as most, from the first that has to the last. */
	readonly evenShare: number;
	/** The part of their cells that are as cells are. */
	readonly cleanShare: number;
	/** The part of their bytes, but those of the first, that are in numbers or times. */
	readonly typedShare: number;
}

/** Those of tables: of equally good ones, the first wins. */
const STRONG = [',', ';', '\t', '|'] as const;
/** What texts and times are full of, too. They stand between fields only where each record has as many. */
const WEAK = [':', '~', '^', '\u0001', '\u001f', ' '] as const;
/** Signs that hardly any table has between its fields. */
const ODD = ['#', '!', '&', '*', '@', '$'] as const;

type Forced = Partial<Pick<Dialect, 'delimiter' | 'quote' | 'escaping' | 'comment'>> & {
	/** Whether the lines are all of the file. */
	readonly isAll: boolean;
};

/**
@param lines - Of the beginning of a file, or of all of it.
@returns `null` where no record has more than one field.
*/
export function chooseSyntax(lines: readonly string[], forced: Forced): SyntaxChoice | null {
	if (forced.delimiter !== undefined) return bestOf([forced.delimiter], lines, forced);
	const strong = withBlank(lines, forced) ?? bestOf(STRONG, lines, forced);
	const [weak = null] = WEAK.filter(each => (strong === null && each !== ' ') || isInNames(each, lines))
		.map(each => bestOf([each], lines, forced))
		.filter((choice): choice is SyntaxChoice => choice !== null && isTable(choice, lines))
		.toSorted(compareWeak);
	const best = (weak !== null && isBetter(weak, strong) ? weak : strong) ?? null;
	if (best === null || !isEven(best)) {
		const odd = ODD.filter(each => isInNames(each, lines))
			.map(each => bestOf([each], lines, forced))
			.find(choice => choice !== null && isTableBelowNames(choice, lines));
		if (odd !== undefined) return odd;
	}
	const hasOtherQuotes = best === null && lines.some(line => line.startsWith("'") || line.includes('\\"'));
	return hasOtherQuotes || (best !== null && isOneColumn(best, lines)) ? ofOneColumn(lines, forced) : best;
}

/** So many lines may stand in front of the names where these have a delimiter that texts hardly have. */
const MAX_TITLE_LINES = 8;

const isInNames = (delimiter: string, lines: readonly string[]): boolean =>
	lines[0]?.includes(delimiter) === true ||
	((isRare(delimiter) || delimiter === ':') &&
		lines.slice(1, MAX_TITLE_LINES).some(line => line.includes(delimiter === ':' ? '::' : delimiter)));

/** Whether all records have as many fields, from the first one on. */
const isEven = ({sample: {records}, columns}: SyntaxChoice): boolean =>
	records.every(({fields}) => fields.length === columns);

/** The better one first. */
const compareWeak = (one: SyntaxChoice, other: SyntaxChoice): number =>
	Number(isEven(other)) - Number(isEven(one)) || other.typedShare - one.typedShare;

/** A weak delimiter and a strong one: the one that splits everything, or that leaves more numbers and times whole. */
function isBetter(weak: SyntaxChoice, strong: SyntaxChoice | null): boolean {
	if (strong === null) return true;
	if (isRare(weak.syntax.delimiter) && !isEven(strong)) return true;
	if (!isEven(weak)) return !isEven(strong) && weak.score > strong.score;
	// Elsewhere its quotes are faults, or text.
	const areQuotesOdd = strong.sample.malformedRecords > 0 || strong.syntax.quote === '';
	if (isHeldByQuotes(weak) && areQuotesOdd) return true;
	// A record that is damaged takes no number out of the others.
	return weak.typedShare > strong.typedShare || (strong.evenShare < 1 && weak.typedShare === strong.typedShare);
}

/** Whether it begins with a sign that hardly stands in other texts. */
const isRare = (delimiter: string): boolean => RARE.includes(delimiter.charAt(0));

const RARE = ['\u0001', '\u001f', '~', '^'];

/** Whether all quotes are right, and all fields are in quotes, or some hold something together. */
function isHeldByQuotes({sample, columns}: SyntaxChoice): boolean {
	if (sample.malformedRecords + sample.unclosedRecords > 0 || sample.isOpen) return false;
	return sample.neededQuotes > 0 || sample.quotedFields === sample.records.length * columns;
}

/** Words and times stand in texts, too: records of several fields, of which some are numbers or times below a name. */
function isTable(choice: SyntaxChoice, lines: readonly string[]): boolean {
	const {sample, columns, syntax, evenShare} = choice;
	const {records} = sample;
	if (evenShare < 1 || areTypedLines(lines)) return false;
	const even = records.filter(({fields}) => fields.length === columns);
	const [first] = even;
	if (first === undefined || even.length < 2) return false;
	const isNames = first.fields.every(name => name !== '' && !isTyped(name));
	// In front there may be several records of names.
	const data = even.slice(Math.ceil(even.length / 2));
	const typed = Array.from({length: columns}, (_, column) => {
		const filled = data.map(({fields}) => fields[column] ?? '').filter(cell => cell !== '');
		return filled.length > 0 && filled.every(isTyped);
	});
	// No sentence has them, so lines around the table may be without.
	const isRareTable = isRare(syntax.delimiter) || (syntax.delimiter === '::' && columns > 1);
	if (isRareTable && isNames && even.length > 2) return true;
	if (isEven(choice)) {
		if (isHeldByQuotes(choice) || (isNames && isRare(syntax.delimiter))) return true;
		if (isNames && syntax.delimiter === ':' && areSplitByColons(records)) return true;
	}
	const areMostlyTyped = typed.filter(Boolean).length >= 2 && choice.typedShare >= 0.5;
	return (isNames || syntax.delimiter !== ' ' || areMostlyTyped) && typed.includes(true);
}

/** Whether the first record has names, and all others have as many fields, with a number or time below some name. */
const isTableBelowNames = (choice: SyntaxChoice, lines: readonly string[]): boolean => {
	const [names, ...data] = choice.sample.records;
	const isNames = names?.fields.every(name => name !== '' && !isTyped(name)) === true;
	return isNames && data.length > 1 && isEven(choice) && isTable(choice, lines);
};

/** Whether a colon stands in each of several lines as often as between the names, and never as it does in sentences and addresses. */
const areSplitByColons = ([names, ...data]: readonly SampleRecord[]): boolean =>
	names !== undefined &&
	data.length * (names.fields.length - 1) >= LEAST_COLONS &&
	![names, ...data].some(({fields}) => fields.slice(1).some(field => /^(?: |\/\/)/.test(field)));

const LEAST_COLONS = 4;

/** Whether nearly all lines but the first are a number or a time each: `12:30`, `1 234,50`. */
function areTypedLines(lines: readonly string[]): boolean {
	const filled = lines.slice(1).filter(line => line !== '');
	return filled.length > 0 && filled.filter(isTyped).length >= filled.length * 0.9;
}

/** Whether the delimiter stands in the cells of an only column: below a name without one, or in texts as often as it happens. */
function isOneColumn(choice: SyntaxChoice, lines: readonly string[]): boolean {
	const {delimiter} = choice.syntax;
	const first = lines.find(line => line !== '') ?? '';
	if (first.includes(delimiter)) return false;
	if (areTypedLines(lines)) return true;
	// A title in front of texts has several words, and a comma between cells has no blank behind it.
	const areTexts = choice.typedShare < 0.1 && !/\s/.test(first);
	const isProse = delimiter === ',' && lines.every(line => !/,\S/.test(line));
	return areTexts && (choice.evenShare < 0.8 || isProse);
}

/** Of lines that are the cells of an only column: some strong delimiter stands in none of them. */
export function ofOneColumn(lines: readonly string[], forced: Forced): SyntaxChoice | null {
	const absent = STRONG.find(delimiter => lines.every(line => !line.includes(delimiter)));
	return absent === undefined ? null : chooseQuoting(absent, lines, forced);
}

/**
Whether one alone has all records, names too, in several columns, or the names and nearly all records; `null` where none has, or both have. A few cells that
happen to have one delimiter each say nothing against many of which a record is damaged.
*/
function isSurer(one: SyntaxChoice, other: SyntaxChoice): boolean | null {
	for (const isSure of [isWhole, isNearlyWhole]) {
		if (isSure(one) === isSure(other)) continue;
		const [sure, rival] = isSure(one) ? [one, other] : [other, one];
		const isByChance = isNearlyWhole(rival) && rival.columns > 2 * sure.columns && rival.cleanShare > sure.cleanShare;
		if (sure.sample.records.length > 2 && !isByChance) return sure === one;
	}
	return null;
}

const isWhole = (choice: SyntaxChoice): boolean => choice.columns > 1 && isEven(choice);

const isNearlyWhole = ({columns, sample: {records}}: SyntaxChoice): boolean =>
	columns > 1 &&
	records[0]?.fields.length === columns &&
	records.filter(({fields}) => fields.length === columns).length >= NEARLY * records.length;

const NEARLY = 0.75;

/** The best one that gives several columns, or that was given. */
function bestOf(delimiters: readonly string[], lines: readonly string[], forced: Forced): SyntaxChoice | null {
	let best: SyntaxChoice | null = null;
	for (const delimiter of delimiters) {
		if (forced.delimiter === undefined && !lines.some(line => line.includes(delimiter))) continue;
		const choice = chooseQuoting(delimiter, lines, forced);
		if (best === null || (isSurer(choice, best) ?? isHigher(choice, best))) best = choice;
	}
	if (best === null || forced.delimiter !== undefined) return best;
	return best.columns < 2 ? null : widened(best, lines, forced);
}

/** Of those that are as good, the one that leaves more numbers and times whole. */
const isHigher = (one: SyntaxChoice, other: SyntaxChoice): boolean =>
	one.score === other.score ? one.typedShare > other.typedShare : one.score > other.score;

/** What may stand beside the delimiter in one of two characters. */
const BESIDE = /[;|:~^#*@!&/=<>]/;

/** The delimiter of two characters of which one was found, where it always stands beside another one or a blank. */
function widened(choice: SyntaxChoice, lines: readonly string[], forced: Forced): SyntaxChoice {
	for (const wide of wideDelimiters(choice)) {
		const other = chooseQuoting(wide, lines, forced);
		if (other.columns > 1 && other.evenShare >= choice.evenShare && isEven(other) >= isEven(choice)) return other;
	}
	return choice;
}

/** Only quotes tell that the blank behind a comma is no part of the field. */
function withBlank(lines: readonly string[], forced: Forced): SyntaxChoice | null {
	if (!lines.some(line => line.includes(', "'))) return null;
	const spaced = chooseQuoting(', ', lines, forced);
	const {malformedRecords, quotedFields, records} = spaced.sample;
	const isRight = spaced.evenShare === 1 && malformedRecords === 0 && quotedFields > 0 && spaced.columns > 1;
	return isRight && records.some(({fields}) => fields.length > 1 && fields.some(field => field !== '')) ? spaced : null;
}

/** Of two characters: those that stand everywhere between the names. */
function wideDelimiters({syntax: {delimiter}, sample: {records}, columns}: SyntaxChoice): string[] {
	const several = records.filter(({fields}) => fields.length > 1);
	// Titles may have one of the two, and cells, too.
	return [several[0], several.find(({fields}) => fields.length === columns)].flatMap(record =>
		wideIn(record?.fields ?? [], delimiter),
	);
}

function wideIn(names: readonly string[], delimiter: string): string[] {
	const isDoubled =
		names.length >= 3 && names.length % 2 === 1 && names.every((name, place) => place % 2 === 0 || name === '');
	// An empty column between two others is more likely than two commas.
	const mayBeDoubled = isDoubled && (names.length > 3 || (!/[,\t]/.test(delimiter) && !names.some(isTyped)));
	const [before = ''] = names.map(name => name.slice(-1));
	const [, behind = ''] = names.map(name => name.slice(0, 1));
	return [
		...(mayBeDoubled ? [delimiter + delimiter] : []),
		...(BESIDE.test(before) && names.slice(0, -1).every(name => name.endsWith(before)) ? [before + delimiter] : []),
		...(BESIDE.test(behind) && names.slice(1).every(name => name.startsWith(behind)) ? [delimiter + behind] : []),
	];
}

function chooseQuoting(delimiter: string, lines: readonly string[], forced: Forced): SyntaxChoice {
	const {comment = '', escaping: known = 'doubled', isAll} = forced;
	const tryWith = (quote: Quote, escaping: Dialect['escaping'] = known): SyntaxChoice =>
		rate(lines, {delimiter, quote, escaping, comment}, isAll);
	if (forced.quote !== undefined) return chooseEscape(tryWith(forced.quote), tryWith, lines, forced);
	const usual = tryWith('"');
	const hasApostrophes = lines.some(line => line.startsWith("'") || line.includes(`${delimiter}'`));
	if (hasApostrophes) {
		const other = chooseEscape(tryWith("'"), tryWith, lines, forced);
		const hasMore = other.sample.quotedFields > usual.sample.quotedFields;
		if (hasMore && isQuotedBy(other) && other.evenShare >= usual.evenShare) return other;
	}
	const escaped = chooseEscape(usual, tryWith, lines, forced);
	if (escaped !== usual || !areQuotesMisplaced(usual)) return escaped;
	const bare = tryWith('');
	return bare.evenShare === 1 && bare.columns > 1 && areQuotesPartOfCells(bare) ? bare : usual;
}

/**
Whether quotes stand where none should, and hardly where they should. A few faults are damage, which is told; as text, quotes would be a part of
the value. So several records must speak for a table without quotes: all that have data, or three and a tenth of them.
*/
function areQuotesMisplaced({
	sample: {records, malformedRecords, unclosedRecords, quotedFields, neededQuotes},
}: SyntaxChoice): boolean {
	if (malformedRecords === 0 || neededQuotes > 0 || quotedFields > malformedRecords) return false;
	const faulty = malformedRecords + unclosedRecords;
	return faulty >= Math.min(Math.max(3, records.length / 10), Math.max(2, records.length - 1));
}

/** A quote in a title, or in what is cut off behind the last record, says nothing of the quotes of the table. */
function areQuotesPartOfCells({sample: {records}, columns}: SyntaxChoice): boolean {
	return records.every(({fields}) => fields.length === columns || !fields.some(field => field.startsWith('"')));
}

/**
Apostrophes stand in texts as well: as quotes they must all be right, and hold something together or stand in each record but the names. Where a
beginning is cut off within them, there must be many.
*/
function isQuotedBy({
	sample: {quotedFields, neededQuotes, malformedRecords, unclosedRecords, isOpen, records},
}: SyntaxChoice): boolean {
	if (malformedRecords + unclosedRecords > 0 || quotedFields === 0) return false;
	if (isOpen && quotedFields < records.length) return false;
	return neededQuotes > 0 || quotedFields >= Math.max(2, records.length / 4);
}

/** Whether a backslash is what makes quotes right, or delimiters. */
function chooseEscape(
	doubled: SyntaxChoice,
	tryWith: (quote: Quote, escaping: Dialect['escaping']) => SyntaxChoice,
	lines: readonly string[],
	forced: Forced,
): SyntaxChoice {
	const {delimiter, quote} = doubled.syntax;
	if (forced.escaping !== undefined) return doubled;
	const hasEscapes = lines.some(
		line => (quote !== '' && line.includes(`\\${quote}`)) || line.includes(`\\${delimiter}`),
	);
	if (!hasEscapes) return doubled;
	const opensOf = ({sample}: SyntaxChoice): number => sample.unclosedRecords + Number(sample.isOpen);
	const faultsOf = (choice: SyntaxChoice): number => choice.sample.malformedRecords + opensOf(choice);
	const escaped = tryWith(quote, 'backslash');
	const isBetter =
		faultsOf(escaped) < faultsOf(doubled) ||
		(isEven(escaped) && !isEven(doubled)) ||
		escaped.evenShare > doubled.evenShare;
	const isSound =
		escaped.sample.malformedRecords === 0 && (opensOf(escaped) === 0 || escaped.sample.records.length > 1);
	return isBetter && isSound && escaped.evenShare >= doubled.evenShare ? escaped : doubled;
}

function rate(lines: readonly string[], syntax: SampleSyntax, isAll: boolean): SyntaxChoice {
	const sample = splitSample(lines, syntax, isAll);
	const {records, malformedRecords, unclosedRecords, isOpen} = sample;
	const columns = usualCount(records.map(({fields}) => fields.length));
	const even = records.filter(({fields}) => fields.length === columns);
	let cells = 0;
	let cleanCells = 0;
	let [filledBytes, typedBytes] = [0, 0];
	for (const [place, {fields}] of even.entries()) {
		cells += fields.length;
		for (const field of fields) {
			const kind = kindOf(field);
			if (isClean(field, kind)) cleanCells++;
			if (place === 0) continue;
			filledBytes += field.length;
			if (kind !== 'text') typedBytes += field.length;
		}
	}
	const isWide = ({fields}: SampleRecord): boolean => fields.length === columns;
	const span = records.findLastIndex(isWide) + 1 - records.findIndex(isWide);
	const evenShare = even.length === 0 ? 0 : even.length / span;
	const cleanShare = cells === 0 ? 0 : cleanCells / cells;
	const soundShare = records.length === 0 ? 0 : 1 - (malformedRecords + unclosedRecords) / records.length;
	const score =
		(even.length / Math.max(1, records.length)) *
		cleanShare *
		(0.5 + 0.5 * soundShare) *
		(1 - 1 / columns) ** 0.5 *
		(isOpen ? 0.3 : 1);
	const typedShare = filledBytes === 0 ? 0 : typedBytes / filledBytes;
	return {syntax, sample, columns, score, evenShare, cleanShare, typedShare};
}

/** The number of fields that most fields are in records of. */
export function usualCount(counts: readonly number[]): number {
	const weights = new Map<number, number>();
	for (const count of counts) weights.set(count, (weights.get(count) ?? 0) + count - 0.5);
	let best = 1;
	for (const [count, weight] of weights) if (weight > (weights.get(best) ?? 0)) best = count;
	const [first = best] = counts;
	return isFirstTable(counts, first, best) ? first : best;
}

/** Whether the records of the first width are a table in front of another one of about as many columns. */
function isFirstTable(counts: readonly number[], first: number, best: number): boolean {
	const end = counts.findIndex(count => count !== first);
	const isLong = end >= 10 && end >= counts.length * 0.4;
	return isLong && first * 2 > best && !counts.slice(end + 1).includes(first);
}
