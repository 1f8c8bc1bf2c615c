// What turns the text of a file into UTF-8, loaded where a file needs it.
import type {ByteSource} from '../../../input/byte-source.ts';
import {EncodingError} from '../../../input/encodings/encoding-error.ts';
import {encodingName, type WideEncoding} from '../../../input/encodings/encoding-labels.ts';
import {createWideRecoder} from '../../../input/encodings/wide-recoders.ts';
import {RecodedSource} from './recoded-source.ts';

/** @param tellsPlaces - See `TextSource`. */
export const recode = (source: ByteSource, encoding: WideEncoding, tellsPlaces: boolean): RecodedSource =>
	new RecodedSource(
		source,
		createWideRecoder(encoding),
		tellsPlaces,
		({message}, byteOffset) =>
			new EncodingError({
				expected: `text in ${encodingName(encoding)}`,
				found: message,
				advice: 'If the file was cut, fetch it again; if files were joined, read each by itself',
				byteOffset,
			}),
	);
