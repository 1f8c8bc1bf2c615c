// Lines without a readable time or with bytes that are not text. Their newline stays, so the lines after them stay good.
import type {Kind} from '../../kind.ts';
import type {Random} from '../../random.ts';

/** The time of each form, with the blank that follows it. */
const TIME = /\[\d\d\/\w{3}\/\d{4}:[\d:]{8} \+0000\] |^\w{3} [ \d]\d [\d:]{8} |^\d{4}-\d\d-\d\dT[\d:.]{12}Z /;

/** Every form needs more bytes than these to the end of its time. */
const MAX_CUT_BYTES = 14;

/** Each takes a line with one character for each byte. */
const BREAKS: readonly ((line: string, random: Random) => string)[] = [cut, insertBinary, removeTime];

export const breakLine: Kind['breakRecord'] = (line, random) => {
	// Blank lines and lines of stack traces have no time and may have any length: they can only become binary.
	const change = TIME.test(line) ? random.pick(BREAKS) : insertBinary;
	return change(line, random);
};

function cut(line: string, random: Random): string {
	return line.slice(0, 1 + random.below(MAX_CUT_BYTES));
}

function removeTime(line: string): string {
	return line.replace(TIME, '');
}

/** A zero byte, and others of 128 and more, at a random place. */
function insertBinary(line: string, random: Random): string {
	const place = random.below(line.length + 1);
	let binary = '\0';
	for (let count = 4 + random.below(13); count > 0; count--) binary += String.fromCharCode(128 + random.below(128));
	return line.slice(0, place) + binary + line.slice(place);
}
