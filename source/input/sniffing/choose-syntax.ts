// Which delimiter, quote and escape a text has. Each candidate splits the beginning of the file into records, and the best one is that
// whose records have as many fields each, with cells that are as cells are (the idea of Van den Burg, Nazábal, Sutton: Wrangling Messy
// CSV Files by Detecting Row and Type Patterns, 2019).
import type {Dialect, Quote} from '../dialect.ts';
import {isClean, isTyped} from './cell-kinds.ts';
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
}

/** Those of tables: of equally good ones, the first wins. */
const STRONG = [',', ';', '\t', '|'] as const;
/** What texts and times are full of, too. They stand between fields only where each record has as many. */
const WEAK = [':', '~', '^', '\u0001', '\u001f', ' '] as const;
/** What no field is without where each is doubled. */
const DOUBLED = ['|', ':', '~', '^'] as const;

/** A better score than this needs no further look. */
const GOOD = 0.5;

type Forced = Partial<Pick<Dialect, 'delimiter' | 'quote' | 'escaping' | 'comment'>>;

/**
@param lines - Of the beginning of a file.
@returns `null` where no record has more than one field.
*/
export function chooseSyntax(lines: readonly string[], forced: Forced): SyntaxChoice | null {
	if (forced.delimiter !== undefined) return bestOf([forced.delimiter], lines, forced);
	const strong = several(bestOf(STRONG, lines, forced));
	const best = strong === null ? null : widened(strong, lines, forced);
	if (best !== null && best.score >= GOOD && best.evenShare >= GOOD) return best;
	const weak = several(bestOf(WEAK, lines, forced));
	const better = weak === null ? null : widened(weak, lines, forced);
	if (better === null || better.evenShare < 1 || !isTable(better)) return best;
	return best === null || better.score > best.score ? better : best;
}

const several = (choice: SyntaxChoice | null): SyntaxChoice | null =>
	choice === null || choice.columns < 2 ? null : choice;

/** Words and times stand in texts, too: records of several fields, of which some are numbers or times below a name. */
function isTable({sample: {records}, columns, syntax}: SyntaxChoice): boolean {
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
	return (isNames || syntax.delimiter !== ' ') && typed.includes(true);
}

function bestOf(delimiters: readonly string[], lines: readonly string[], forced: Forced): SyntaxChoice | null {
	let best: SyntaxChoice | null = null;
	for (const delimiter of delimiters) {
		if (delimiters.length > 1 && !lines.some(line => line.includes(delimiter))) continue;
		const choice = chooseQuoting(delimiter, lines, forced);
		if (best === null || choice.score > best.score) best = choice;
	}
	return best;
}

/** The delimiter of two characters of which one was found, where it always stands beside another one or a blank. */
function widened(choice: SyntaxChoice, lines: readonly string[], forced: Forced): SyntaxChoice {
	const {delimiter} = choice.syntax;
	const {records, quotedFields} = choice.sample;
	if (DOUBLED.some(each => each === delimiter)) {
		const names = records[0]?.fields ?? [];
		const isDoubled = names.length % 2 === 1 && names.every((name, place) => place % 2 === 0 || name === '');
		const doubled = isDoubled ? chooseQuoting(delimiter + delimiter, lines, forced) : choice;
		if (doubled.columns > 1 && doubled.evenShare >= choice.evenShare) return doubled;
	}
	// Only quotes tell whether the blank is a part of the field.
	const hasQuotes = lines.some(line => line.includes(`${delimiter} "`));
	if (delimiter !== ',' || !hasQuotes) return choice;
	const spaced = chooseQuoting(', ', lines, forced);
	return spaced.evenShare === 1 && spaced.sample.malformedRecords === 0 && spaced.sample.quotedFields > quotedFields
		? spaced
		: choice;
}

function chooseQuoting(delimiter: string, lines: readonly string[], forced: Forced): SyntaxChoice {
	const {comment = '', escaping: known = 'doubled'} = forced;
	const tryWith = (quote: Quote, escaping: Dialect['escaping'] = known): SyntaxChoice =>
		rate(lines, {delimiter, quote, escaping, comment});
	if (forced.quote !== undefined) return chooseEscape(tryWith(forced.quote), tryWith, lines, forced);
	const usual = tryWith('"');
	const isFaultless = usual.sample.malformedRecords === 0 && !usual.sample.isOpen;
	const hasApostrophes = lines.some(line => line.startsWith("'") || line.includes(`${delimiter}'`));
	if (hasApostrophes && usual.sample.quotedFields === 0) {
		const other = chooseEscape(tryWith("'"), tryWith, lines, forced);
		if (isQuotedBy(other) && other.evenShare >= usual.evenShare) return other;
	}
	const escaped = chooseEscape(usual, tryWith, lines, forced);
	// Where nothing else is wrong, a quote that is never closed is damage, which is told; as text it would be a part of the value.
	const isOpenAlone = usual.sample.isOpen && usual.sample.malformedRecords === 0;
	if (escaped !== usual || isFaultless || isOpenAlone || usual.sample.neededQuotes > 0) return escaped;
	const bare = tryWith('');
	return bare.evenShare === 1 && bare.columns > 1 && areQuotesPartOfCells(bare) ? bare : usual;
}

/** A quote in a title, or in what is cut off behind the last record, says nothing of the quotes of the table. */
function areQuotesPartOfCells({sample: {records}, columns}: SyntaxChoice): boolean {
	return records.every(({fields}) => fields.length === columns || !fields.some(field => field.startsWith('"')));
}

/** Apostrophes stand in texts as well: as quotes they must all be right, and hold something together or stand in each record but the names. */
function isQuotedBy({sample: {quotedFields, neededQuotes, malformedRecords, isOpen, records}}: SyntaxChoice): boolean {
	if (malformedRecords > 0 || isOpen || quotedFields === 0) return false;
	return neededQuotes > 0 || quotedFields >= Math.max(2, records.length - 1);
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
	const isFaulty = ({sample}: SyntaxChoice): boolean => sample.malformedRecords > 0 || sample.isOpen;
	const escaped = tryWith(quote, 'backslash');
	const isBetter = isFaulty(escaped) < isFaulty(doubled) || escaped.evenShare > doubled.evenShare;
	return isBetter && !isFaulty(escaped) && escaped.evenShare >= doubled.evenShare ? escaped : doubled;
}

function rate(lines: readonly string[], syntax: SampleSyntax): SyntaxChoice {
	const sample = splitSample(lines, syntax);
	const {records, malformedRecords, isOpen} = sample;
	const columns = usualCount(records.map(({fields}) => fields.length));
	const even = records.filter(({fields}) => fields.length === columns);
	let cells = 0;
	let cleanCells = 0;
	for (const {fields} of even) {
		cells += fields.length;
		for (const field of fields) if (isClean(field)) cleanCells++;
	}
	const isEven = ({fields}: SampleRecord): boolean => fields.length === columns;
	const span = records.findLastIndex(isEven) + 1 - records.findIndex(isEven);
	const evenShare = even.length === 0 ? 0 : even.length / span;
	const cleanShare = cells === 0 ? 0 : cleanCells / cells;
	const soundShare = records.length === 0 ? 0 : 1 - malformedRecords / records.length;
	const score =
		(even.length / Math.max(1, records.length)) *
		cleanShare *
		(0.5 + 0.5 * soundShare) *
		(1 - 1 / columns) ** 0.5 *
		(isOpen ? 0.3 : 1);
	return {syntax, sample, columns, score, evenShare};
}

/** The number of fields that most fields are in records of. */
export function usualCount(counts: readonly number[]): number {
	const weights = new Map<number, number>();
	for (const count of counts) weights.set(count, (weights.get(count) ?? 0) + count - 0.5);
	let best = 1;
	for (const [count, weight] of weights) if (weight > (weights.get(best) ?? 0)) best = count;
	return best;
}
