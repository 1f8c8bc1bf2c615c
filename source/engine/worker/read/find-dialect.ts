// How a source is to be read, where its header does not say it: found in its first bytes, and by what the user says of it.
import type {Dialect} from '../../../input/dialect.ts';
import {DialectFinder, type RateNames} from '../../../input/dialect-finder.ts';
import {isMarkup} from '../../../input/foreign-formats.ts';
import {isPlainTable, isUsuallyWritten, mayBeginInOpenQuote} from '../../../input/plain-table.ts';
import type {DetectedDialect} from '../../../input/sniffing/detect-dialect.ts';
import {hasBinaryBytes, isNamedAsLog, isNamedAsTable, type TextStart} from './looks-like-text.ts';

/** What of the dialect is known, and how it is found. */
export interface DialectRequest {
	readonly forced?: Partial<Dialect> | undefined;
	/** Whether it must be known, also where the header says it. */
	readonly isNeeded?: boolean;
	/** Whether the header has been found to say something wrong: its names were all there, but not their cells. */
	readonly isHeaderWrong?: boolean;
	/** How well names fit what is looked for. */
	readonly rateNames: RateNames;
	/** See `DialectFinder`. */
	readonly decodeName?: ((bytes: string) => string) | undefined;
}

const NOTHING: Partial<Dialect> = {};

/**
@param start - How the source begins: `LOOK_BYTES`, or all of it.
@returns `null` where it is read as its header says.
*/
export const findDialect = (start: TextStart, request: DialectRequest): Promise<Dialect | null> =>
	findBeyondHeader(start, request, readHeader(start, request));

function readHeader(
	{bytes, isAll}: TextStart,
	{forced = NOTHING, rateNames, decodeName}: DialectRequest,
): DialectFinder {
	const known = forced.delimiter?.length === 1 ? forced.delimiter : undefined;
	const finder = new DialectFinder(rateNames, undefined, decodeName, known);
	finder.scan(bytes, isAll);
	return finder;
}

async function findBeyondHeader(
	start: TextStart,
	{forced = NOTHING, isNeeded = false, isHeaderWrong = false, rateNames}: DialectRequest,
	finder: DialectFinder,
): Promise<Dialect | null> {
	const isForced = Object.keys(forced).length > 0;
	const {bytes, isAll} = start;
	const usual = finder.dialect;
	const isKnown = finder.isComplete && !isHeaderWrong && (forced.skipLines ?? 0) === 0;
	const looksUsual = isKnown ? isUsuallyWritten : isPlainTable;
	if (!isForced && usual !== null && looksUsual(bytes, isAll, usual.delimiter)) return isNeeded ? usual : null;
	// As its header says, it is refused.
	if (!isForced && isMarkup(bytes)) return isNeeded ? usual : null;
	const {detectDialect} = await import('../../../input/sniffing/detect-dialect.ts');
	const detected = detectDialect(bytes, isAll, forced);
	// Names that are known decide.
	const isOther = isKnown && !rateNames(detected.names).isComplete;
	if (isForced && isOther && usual !== null)
		return detectDialect(bytes, isAll, {delimiter: usual.delimiter, headerRows: 1, skipLines: 0, ...forced}).dialect;
	if (isForced) return detected.dialect;
	if (isNeeded) return isOther ? usual : (detected.dialect ?? usual);
	if (isOther) return null;
	return fitsTable(start, detected, rateNames) && !isSame(detected.dialect, usual) ? detected.dialect : null;
}

/** The same of a source whose header has all wanted names, or a quote that is never closed; `null` where it has neither. */
export async function findDialectOfKnown(start: TextStart, request: DialectRequest): Promise<Dialect | null> {
	const finder = readHeader(start, request);
	if (finder.isComplete) return findBeyondHeader(start, request, finder);
	if (!mayBeginInOpenQuote(start.bytes)) return null;
	const dialect = await findBeyondHeader(start, request, finder);
	return dialect?.isHeaderOpen === true ? dialect : null;
}

/** Texts have delimiters, too: what is not named as a table must be one through and through. */
function fitsTable(
	start: TextStart,
	{dialect, names, evenShare, mayBeText}: DetectedDialect,
	rateNames: RateNames,
): boolean {
	const mayBeTable = names.length > 1 || isNamedAsTable(start.fileName);
	if (dialect === null || !mayBeTable || hasBinaryBytes(start, dialect.delimiter) || isNamedAsLog(start.fileName))
		return false;
	if (isNamedAsTable(start.fileName)) return evenShare >= 0.5;
	if (mayBeText && !rateNames(names).isComplete) return false;
	// Without names, times in front of texts are like a table with colons.
	return evenShare === 1 && (dialect.headerRows > 0 || /[,;\t|]/.test(dialect.delimiter));
}

function isSame(one: Dialect | null, other: Dialect | null): boolean {
	if (one === null || other === null) return false;
	return (Object.keys(one) as (keyof Dialect)[]).every(key => one[key] === other[key]);
}
