// Reads a source whose header fits no analysis: as a table of any columns, or as lines where it looks like a text.
import {areCombined} from '../../../analysis/registry.ts';
import {type ByteSource, withStart} from '../../../input/byte-source.ts';
import type {Dialect} from '../../../input/dialect.ts';
import {recognizeOwnOutput} from '../../../text/own-output.ts';
import type {ReadSettings} from '../../shared/protocol.ts';
import {type DialectRequest, findDialect, findDialectOfKnown} from './find-dialect.ts';
import type {Fold, Folded, FoldPulse} from './fold.ts';
import {foldInKnownDialect} from './fold-in-dialect.ts';
import {MissingColumnError} from './header-errors.ts';
import {KeptStart} from './kept-start.ts';
import {isAccessLog, looksLikeTable, looksLikeText, type TextStart} from './looks-like-text.ts';
import {candidatesOf, nameDecoderOf, rateNames} from './match-header.ts';
import {readStart, readStartOfStream} from './read-start.ts';

export interface Fallbacks {
	/** What is made of tables; `null` where nothing is. */
	readonly columns: string | null;
	/** What may be made of texts. */
	readonly texts: readonly string[];
	/** Reads lines. */
	readonly foldLines: Fold;
	/** Reads columns. */
	readonly foldColumns: () => Promise<Fold>;
	/** Whether the source comes as it is written, and each record is to be read when it is there. */
	readonly isStream: boolean;
}

/**
@param fold - Reads records.
@param fileName - `null` where the source has no name.
*/
export const foldWithFallbacks =
	(fold: Fold, fallbacks: Fallbacks, fileName: string | null): Fold =>
	async (given, settings, pulse) => {
		const request = requestOf(settings);
		const onRead = (bytesRead: number): void => pulse.report(bytesRead, 0, 0);
		const {source, ...bytes} = await (fallbacks.isStream
			? readStartOfStream(given, onRead, request)
			: readStart(given, onRead));
		const known = await findDialectOfKnown({fileName, ...bytes}, request);
		if (known !== null && settings.dialect === undefined)
			return known.isHeaderOpen
				? foldFound(fold, fallbacks, null, source, known, settings, pulse)
				: foldInKnownDialect(fold, source, settings, known, pulse);
		const start = new KeptStart(source);
		try {
			return await fold(start, settings, pulse);
		} catch (error) {
			if (!(error instanceof MissingColumnError)) throw error;
			const kept = await start.take();
			if (kept === null || recognizeOwnOutput(kept.bytes) !== null) throw error;
			const inUtf8 = await pulse.inUtf8?.(kept.bytes);
			// What follows looks into texts: then they are given out in UTF-8.
			if (inUtf8 !== undefined)
				return foldWithFallbacks(fold, fallbacks, fileName)(inUtf8, {...settings, encoding: undefined}, pulse);
			const look = {fileName, bytes: kept.look, isAll: kept.isAll};
			const again = (): ByteSource => withStart(kept.bytes, source);
			// Its lines may be as even as those of a table, and have names in them that are like those of columns.
			if (fallbacks.texts.length > 0 && settings.dialect === undefined && isAccessLog(look))
				return foldAsLines(fallbacks, again, settings, pulse);
			const dialect =
				settings.dialect === undefined ? await findDialect(look, {...request, isHeaderWrong: true}) : null;
			if (dialect === null) return foldOther(error, fallbacks, look, again, settings, pulse);
			return foldFound(fold, fallbacks, error, again(), dialect, settings, pulse);
		}
	};

function requestOf(settings: ReadSettings): DialectRequest {
	const candidates = candidatesOf(settings);
	return {rateNames: rateNames(candidates), decodeName: nameDecoderOf(candidates)};
}

/** A table of other columns tells what an analysis would need. */
const withHint = ({lacks}: MissingColumnError, folded: Folded): Folded =>
	lacks === null ? folded : {...folded, hint: lacks};

/** Reads a source as a table of any columns, or as lines. */
async function foldOther(
	error: MissingColumnError,
	{columns, texts, foldLines, foldColumns}: Fallbacks,
	look: TextStart,
	again: () => ByteSource,
	settings: ReadSettings,
	pulse: FoldPulse,
): Promise<Folded> {
	if (columns !== null && error.mayBeTable && (settings.dialect !== undefined || looksLikeTable(look)))
		return withHint(error, await (await foldColumns())(again(), {...settings, analysis: columns}, pulse));
	if (texts.length > 0 && error.mayBeText && looksLikeText(look))
		return foldAsLines({texts, foldLines}, again, settings, pulse);
	throw error;
}

const foldAsLines = (
	{texts, foldLines}: Pick<Fallbacks, 'texts' | 'foldLines'>,
	again: () => ByteSource,
	settings: ReadSettings,
	pulse: FoldPulse,
): Promise<Folded> =>
	foldLines(again(), areCombined(settings.analysis) ? settings : {...settings, analysis: texts}, pulse);

/** Reads a source in a dialect that was found in its first bytes. @param found - What the header says without it, where it says anything. */
function foldFound(
	fold: Fold,
	{columns, foldColumns}: Fallbacks,
	found: MissingColumnError | null,
	whole: ByteSource,
	dialect: Dialect,
	original: ReadSettings,
	pulse: FoldPulse,
): Promise<Folded> {
	const read: Fold = async (source, settings, inner) => {
		const start = new KeptStart(source);
		try {
			return await fold(start, settings, inner);
		} catch (error) {
			if (!(error instanceof MissingColumnError)) throw error;
			const kept = columns !== null && error.mayBeTable ? await start.take() : null;
			if (kept !== null)
				return withHint(
					error,
					await (await foldColumns())(withStart(kept.bytes, source), {...settings, analysis: columns}, inner),
				);
			// Of names that are none there is nothing to say.
			throw dialect.headerRows === 0 ? (found ?? error) : error;
		}
	};
	return foldInKnownDialect(read, whole, original, dialect, pulse);
}
