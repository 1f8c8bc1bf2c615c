// What turns the text of a file into UTF-8, loaded where a file needs it.
import type {ByteSource} from '../../../input/byte-source.ts';
import {createEastAsianRecoder} from '../../../input/encodings/east-asian-recoder.ts';
import {EncodingError} from '../../../input/encodings/encoding-error.ts';
import {type EncodingLabel, encodingName, isSingleByte, isWide} from '../../../input/encodings/encoding-labels.ts';
import type {Recoder} from '../../../input/encodings/recoder.ts';
import {createSingleByteRecoder} from '../../../input/encodings/single-byte-recoder.ts';
import {utf8Recoder} from '../../../input/encodings/utf8-recoder.ts';
import {createWideRecoder} from '../../../input/encodings/wide-recoders.ts';
import {RecodedSource} from './recoded-source.ts';

export interface HowToRecode {
	readonly encoding: EncodingLabel;
	/** Whether somebody has said that it is in this encoding; otherwise its first bytes do. */
	readonly isForced: boolean;
	/** See `TextSource`. */
	readonly tellsPlaces: boolean;
}

export const recode = (source: ByteSource, {encoding, isForced, tellsPlaces}: HowToRecode): RecodedSource =>
	new RecodedSource(
		source,
		recoderOf(encoding),
		tellsPlaces,
		({message}, byteOffset) =>
			new EncodingError({
				expected: `text in ${encodingName(encoding)}`,
				found: message,
				advice: isForced
					? 'Name the encoding that it is in, or leave --encoding out for this file'
					: 'If the file was cut, fetch it again; if files were joined, read each by itself',
				byteOffset,
			}),
	);

function recoderOf(label: EncodingLabel): Recoder {
	if (label === 'utf-8') return utf8Recoder;
	if (isWide(label)) return createWideRecoder(label);
	return isSingleByte(label) ? createSingleByteRecoder(label) : createEastAsianRecoder(label);
}

/** The error of a text that begins with the byte order mark of another encoding than it should be in. */
export const otherMark = (expected: EncodingLabel, found: EncodingLabel): EncodingError =>
	new EncodingError(
		{
			expected: `text in ${encodingName(expected)}`,
			found: `the byte order mark of ${encodingName(found)}`,
			advice: 'Leave --encoding out for this file',
			byteOffset: 0,
		},
		1,
	);
