// Converts the text of a flag or variable to a checked value, or to the one sentence that says what is wrong with it.
import {isPercentage} from '../../engine/shared/percentage.ts';
import {formatByteSize, parseByteSize} from '../../text/byte-size.ts';
import {joinWords} from '../../text/join-words.ts';
import {isRemotePath, withoutSecrets} from '../../text/shown-url.ts';
import type {FlagDefinition, StringFlag} from './flags.ts';
import {quoted, UsageError} from './usage-error.ts';

const WORDS_FOR_TRUE = ['1', 'true', 'yes', 'on'];
const WORDS_FOR_FALSE = ['0', 'false', 'no', 'off'];

/**
Reads one value.

@param flag - Defines the allowed values.
@param label - The name that the user typed: `--concurrency`, `FILEPROC_CONCURRENCY`.
@throws {UsageError} When the text is not such a value.
*/
export function readValue(flag: FlagDefinition, text: string, label: string): boolean | number | string {
	if (flag.type === 'boolean') {
		const word = text.toLowerCase();
		if (WORDS_FOR_TRUE.includes(word)) return true;
		if (WORDS_FOR_FALSE.includes(word)) return false;
	} else if (flag.type === 'string') {
		const fault = text === '' ? undefined : flag.findFault?.(text);
		// Of several lines, the last ones show the place.
		if (fault !== undefined)
			throw new UsageError(`${label} makes no sense: ${fault}${fault.includes('\n') ? '' : '.'}`);
		if (isElsewhere(flag, text))
			throw new UsageError(
				`${describeExpectation(flag, label)} of this machine; but got ${quoted(withoutSecrets(text))}.`,
			);
		const wrong = findWrongItem(flag, text);
		if (wrong === undefined) return text;
		if (wrong !== text) throw new UsageError(`${describeExpectation(flag, label)}, but got ${quoted(wrong)} in it.`);
	} else if (flag.takesPercentage && isPercentage(text)) {
		return text;
	} else if (flag.type === 'size') {
		const value = parseByteSize(text) ?? Number.NaN;
		if (Number.isInteger(value) && value >= flag.minimum && value <= flag.maximum) return value;
	} else {
		// Number('') is 0 and Number('0x10') is 16, so only decimal numbers are accepted.
		const pattern = flag.type === 'integer' ? /^[+-]?\d+$/ : /^[+-]?(?:\d+\.?\d*|\.\d+)$/;
		const value = pattern.test(text) ? Number(text) : Number.NaN;
		if (value >= flag.minimum && value <= flag.maximum) return value;
	}
	throw new UsageError(`${describeExpectation(flag, label)}, but got ${text === '' ? 'nothing' : quoted(text)}.`);
}

/** Whether a text names something on another machine, for a flag that takes only what is on this one. */
export const isElsewhere = ({completes, takesObjects}: StringFlag, text: string): boolean =>
	completes !== undefined && takesObjects !== true && isRemotePath(text);

/** The part of a text that is not allowed: all of it, or an item of a list; `undefined` where it is right. */
export function findWrongItem({choices, alsoTakes, mayTake, splitList}: StringFlag, text: string): string | undefined {
	const isRight = (item: string): boolean =>
		(choices === undefined ? item !== '' : choices.includes(item)) || alsoTakes?.fits(item) || mayTake?.(item) || false;
	return (splitList?.(text) ?? [text]).find(item => !isRight(item));
}

/** “--concurrency takes a whole number from 1 to 1024”. */
export function describeExpectation(flag: FlagDefinition, label: string): string {
	if (flag.type === 'boolean') return `${label} takes 1 or 0`;
	if (flag.type === 'string') return `${label} takes ${describeText(flag)}`;
	if (flag.type === 'size') {
		const [minimum, maximum] = [formatByteSize(flag.minimum), formatByteSize(flag.maximum)];
		return `${label} takes a size in bytes like 500000 or 16MiB, from ${minimum} to ${maximum}`;
	}
	const noun = flag.type === 'integer' ? 'a whole number' : 'a number';
	const unit = flag.unit === undefined ? '' : ` of ${flag.unit}`;
	const share = flag.takesPercentage ? ', or a share like 0.5%' : '';
	return `${label} takes ${noun}${unit} from ${flag.minimum} to ${flag.maximum}${share}`;
}

function describeText(flag: StringFlag): string {
	if (flag.choices !== undefined) {
		const words = [...flag.choices, ...(flag.alsoTakes === undefined ? [] : [flag.alsoTakes.description])];
		const list = flag.splitList === undefined ? '' : ', or several with commas between';
		return joinWords(words, 'or') + list;
	}
	if (flag.completes === undefined) return 'a text';
	return flag.completes === 'file' ? 'a file' : 'a folder';
}
