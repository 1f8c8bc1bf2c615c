// Finds the dialect of a source in front of reading it: where its header does not say it, because any names will do, or where the source
// cannot be read twice.
import {textsBesideColumnsOf} from '../../../analysis/registry.ts';
import type {ByteSource, SeekableSource} from '../../../input/byte-source.ts';
import type {ReadSettings} from '../../shared/protocol.ts';
import {findDialect, readStart} from './find-dialect.ts';
import type {Fold} from './fold.ts';
import {looksLikeTable, looksLikeText} from './looks-like-text.ts';
import {candidatesOf, nameDecoderOf, rateNames} from './match-header.ts';

interface PreparedReading {
	/** All of it. */
	readonly source: ByteSource;
	/** With the dialect, where the header does not say it. */
	readonly settings: ReadSettings;
	/** Whether it is surely a text, and so a table only for those who ask for one. */
	readonly isText: boolean;
}

/**
@param fileName - `null` where the source has no name.
@param onRead - Called with the bytes that were read so far.
*/
export async function prepareReading(
	source: ByteSource,
	settings: ReadSettings,
	fileName: string | null,
	onRead: (bytesRead: number) => void = () => {},
): Promise<PreparedReading> {
	const {source: whole, ...bytes} = await readStart(source, onRead);
	const start = {fileName, ...bytes};
	const candidates = candidatesOf(settings);
	const dialect = await findDialect(start, {
		rateNames: rateNames(candidates),
		decodeName: nameDecoderOf(candidates),
	});
	if (dialect !== null) return {source: whole, settings: {...settings, dialect}, isText: false};
	return {source: whole, settings, isText: looksLikeText(start) && !looksLikeTable(start)};
}

/** The same for one that is read from any place, and is at its beginning again; `null` where it is no table alone. */
export async function settingsOfTable(
	source: SeekableSource,
	settings: ReadSettings,
	fileName: string | null,
): Promise<ReadSettings | null> {
	const prepared = await prepareReading(source, settings, fileName);
	const isText = prepared.isText && textsBesideColumnsOf(settings.analysis).length > 0;
	if (isText || !source.isSeekable) return null;
	source.seek(0);
	return prepared.settings;
}

/** Reads a table of any columns in its dialect; what is surely a text as lines, where they are asked for as well. */
export const foldInDialect =
	(fold: Fold, foldLines: Fold, fileName: string | null): Fold =>
	async (source, settings, pulse) => {
		const prepared = await prepareReading(source, settings, fileName, bytesRead => pulse.report(bytesRead, 0, 0));
		const texts = textsBesideColumnsOf(settings.analysis);
		return prepared.isText && texts.length > 0
			? foldLines(prepared.source, {...settings, analysis: texts}, pulse)
			: fold(prepared.source, prepared.settings, pulse);
	};
