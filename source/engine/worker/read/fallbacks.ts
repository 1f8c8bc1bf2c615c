// Reads a source whose header fits no analysis: as a table of any columns, or as lines where it looks like a text.
import {areCombined, textsBesideColumnsOf} from '../../../analysis/registry.ts';
import type {ByteSource, SeekableSource} from '../../../input/byte-source.ts';
import {recognizeOwnOutput} from '../../../text/own-output.ts';
import type {Fold} from './fold.ts';
import {MissingColumnError} from './header-errors.ts';
import {KeptStart, replay, type Start} from './kept-start.ts';
import {looksLikeTable, looksLikeText} from './looks-like-text.ts';

export interface Fallbacks {
	/** What is made of tables; `null` where nothing is. */
	readonly columns: string | null;
	/** What may be made of texts. */
	readonly texts: readonly string[];
	/** Reads lines. */
	readonly foldLines: Fold;
	/** Reads columns. */
	readonly foldColumns: () => Promise<Fold>;
}

/**
@param fold - Reads records.
@param fileName - `null` where the source has no name.
*/
export const foldWithFallbacks =
	(fold: Fold, {columns, texts, foldLines, foldColumns}: Fallbacks, fileName: string | null): Fold =>
	async (source, settings, pulse) => {
		const start = new KeptStart(source);
		try {
			return await fold(start, settings, pulse);
		} catch (error) {
			if (!(error instanceof MissingColumnError)) throw error;
			const kept = await start.take();
			if (kept === null || recognizeOwnOutput(kept.bytes) !== null) throw error;
			const again = (): ByteSource => replay(kept.bytes, source);
			const look = {fileName, bytes: kept.look, isAll: kept.isAll};
			if (columns !== null && error.mayBeTable && looksLikeTable(look))
				return (await foldColumns())(again(), {...settings, analysis: columns}, pulse);
			if (texts.length > 0 && error.mayBeText && looksLikeText(look))
				return foldLines(again(), areCombined(settings.analysis) ? settings : {...settings, analysis: texts}, pulse);
			throw error;
		}
	};

/** Reads what is surely a text as lines, and all else as a table. */
export const foldTableOrText =
	(fold: Fold, foldLines: Fold, fileName: string | null): Fold =>
	async (source, settings, pulse) => {
		const start = await readStartOf(source);
		const whole = replay(start.bytes, source);
		if (!isSurelyText(start, fileName)) return fold(whole, settings, pulse);
		return foldLines(whole, {...settings, analysis: textsBesideColumnsOf(settings.analysis)}, pulse);
	};

async function readStartOf(source: ByteSource): Promise<Start> {
	const start = await new KeptStart(source).take();
	if (start === null) throw new Error('Expected the start of a source to be kept');
	return start;
}

function isSurelyText({look, isAll}: Start, fileName: string | null): boolean {
	const start = {fileName, bytes: look, isAll};
	return looksLikeText(start) && !looksLikeTable(start);
}

/** The same for a source that several threads are to read, which goes back to its beginning. */
export async function isTableAlone(source: SeekableSource, fileName: string | null): Promise<boolean> {
	if (!source.isSeekable) return false;
	const start = await readStartOf(source);
	source.seek(0);
	return !isSurelyText(start, fileName);
}
