// Finds the dialect of a source in front of reading it: where its header does not say it, because any names will do, where the user says
// some of it, or where the source cannot be read twice.
import {textsBesideColumnsOf} from '../../../analysis/registry.ts';
import type {ByteSource, SeekableSource} from '../../../input/byte-source.ts';
import type {Dialect} from '../../../input/dialect.ts';
import {isDirect, rewrittenDialect} from '../../../input/rewriting.ts';
import {type ForcedDialect, forcedFor} from '../../shared/forced-dialect.ts';
import type {ReadSettings} from '../../shared/protocol.ts';
import {findDialect} from './find-dialect.ts';
import type {Fold, Folded, FoldPulse} from './fold.ts';
import {looksLikeTable, looksLikeText} from './looks-like-text.ts';
import {candidatesOf, nameDecoderOf, rateNames} from './match-header.ts';
import {readStart} from './read-start.ts';

interface PreparedReading {
	/** All of it. */
	readonly source: ByteSource;
	/** `null` where the header says it. */
	readonly dialect: Dialect | null;
	/** Whether texts are asked for, and it is surely one. */
	readonly isText: boolean;
}

/**
@param fileName - `null` where the source has no name.
@param onRead - Called with the bytes that were read so far.
*/
async function prepareReading(
	source: ByteSource,
	settings: ReadSettings,
	fileName: string | null,
	forced: ForcedDialect | null,
	onRead: (bytesRead: number) => void = () => {},
): Promise<PreparedReading> {
	const {source: whole, ...bytes} = await readStart(source, onRead);
	const start = {fileName, ...bytes};
	const candidates = candidatesOf(settings);
	const dialect = await findDialect(start, {
		forced: forced?.dialect,
		isNeeded: forced?.nullText != null,
		rateNames: rateNames(candidates),
		decodeName: nameDecoderOf(candidates),
	});
	const mayBeText = dialect === null && textsBesideColumnsOf(settings.analysis).length > 0;
	const isText = mayBeText && looksLikeText(start) && !looksLikeTable(start);
	return {source: whole, dialect, isText};
}

/** Settings for a source that is read from any place, and is at its beginning again; `null` where it must be read from there. */
export async function settingsOfTable(
	source: SeekableSource,
	settings: ReadSettings,
	fileName: string | null,
): Promise<ReadSettings | null> {
	const forced = forcedFor(settings, fileName);
	const {dialect, isText} = await prepareReading(source, settings, fileName, forced);
	const mayBeRead = source.isSeekable && !isText;
	if (!mayBeRead || forced?.nullText != null || (dialect !== null && !isDirect(dialect))) return null;
	source.seek(0);
	return dialect === null ? settings : {...settings, dialect};
}

/** Reads a source in its dialect with a fold. */
export function foldInKnownDialect(
	fold: Fold,
	source: ByteSource,
	settings: ReadSettings,
	dialect: Dialect | null,
	pulse: FoldPulse,
	nullText: string | null = null,
): Promise<Folded> {
	if (dialect === null) return fold(source, settings, pulse);
	for (const {byteOffset} of dialect.problems ?? []) pulse.places?.()?.keep(byteOffset);
	if (nullText === null && isDirect(dialect)) return fold(source, {...settings, dialect}, pulse);
	return foldRewritten(fold, source, settings, {dialect, nullText}, pulse);
}

/** The same for one who tells no places: a source that readers read with these settings. */
export async function sourceInDialect(
	source: ByteSource,
	settings: ReadSettings,
	fileName: string | null,
): Promise<{readonly source: ByteSource; readonly settings: ReadSettings}> {
	if (settings.dialect !== undefined) return {source, settings};
	const forced = forcedFor(settings, fileName);
	const {source: whole, dialect} = await prepareReading(source, settings, fileName, forced);
	if (dialect === null) return {source: whole, settings};
	const nullText = forced?.nullText ?? null;
	if (nullText === null && isDirect(dialect)) return {source: whole, settings: {...settings, dialect}};
	const {RewrittenSource} = await import('../../../input/rewritten-source.ts');
	const rewritten = new RewrittenSource(whole, {dialect, nullText});
	return {source: rewritten, settings: {...settings, dialect: rewrittenDialect(dialect)}};
}

/** Loaded for those that need it. */
const foldRewritten: typeof import('./fold-rewritten.ts').foldRewritten = async (...rest) =>
	(await import('./fold-rewritten.ts')).foldRewritten(...rest);

/** Finds the dialect of a table, and reads it so; what is surely a text as lines, where they are asked for as well. */
export const foldInDialect =
	(fold: Fold, foldLines: Fold, fileName: string | null): Fold =>
	async (source, settings, pulse) => {
		if (settings.dialect !== undefined) return fold(source, settings, pulse);
		const forced = forcedFor(settings, fileName);
		const report = (bytesRead: number): void => pulse.report(bytesRead, 0, 0);
		const {source: whole, dialect, isText} = await prepareReading(source, settings, fileName, forced, report);
		return isText
			? foldLines(whole, {...settings, analysis: textsBesideColumnsOf(settings.analysis)}, pulse)
			: foldInKnownDialect(fold, whole, settings, dialect, pulse, forced?.nullText ?? null);
	};
