import {encodingLabels, parseEncoding} from '../../input/encodings/encoding-labels.ts';
import {findClosestMatch} from '../../text/closest-match.ts';
import {joinWords} from '../../text/join-words.ts';
import {quoted} from './usage-error.ts';

/** The names above, in any case, and others of them, which have a digit: `cp1251`, `latin1`. */
export const ENCODING_PATTERN = `^(${encodingLabels.map(inAnyCase).join('|')}|.*[0-9].*)$`;

function inAnyCase(label: string): string {
	return label.replaceAll(/[a-z]/g, letter => `[${letter}${letter.toUpperCase()}]`);
}

/** What is wrong with the name of an encoding, with the one that may be meant; `undefined` where nothing is. */
export function findEncodingFault(text: string): string | undefined {
	if (parseEncoding(text) !== null) return undefined;
	const closest = findClosestMatch(text.toLowerCase(), encodingLabels);
	const hint = closest === undefined ? '.' : `; did you mean ${closest}?`;
	return `no encoding is called ${quoted(text)}${hint} Known are ${joinWords(encodingLabels, 'and')}`;
}
