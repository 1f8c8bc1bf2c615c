import {encodingLabels, parseEncoding} from '../../input/encodings/encoding-labels.ts';
import {findClosestMatch} from '../../text/closest-match.ts';
import {joinWords} from './join-words.ts';
import {quoted} from './usage-error.ts';

/** What is wrong with the name of an encoding, with the one that may be meant; `undefined` where nothing is. */
export function findEncodingFault(text: string): string | undefined {
	if (parseEncoding(text) !== null) return undefined;
	const closest = findClosestMatch(text.toLowerCase(), encodingLabels);
	const hint = closest === undefined ? '.' : `; did you mean ${closest}?`;
	return `no encoding is called ${quoted(text)}${hint} Known are ${joinWords(encodingLabels, 'and')}`;
}
