// Sorts the words of the command line into flags and operands before meow sees them. meow's parser accepts too much: an
// unknown flag swallows the path after it, `--files-from -` loses its dash, a missing value becomes an empty text, and a
// repeated flag is an error. So every word is looked up in the table here, and meow receives `--name=value` words only.

import {findClosestMatch} from '../../text/closest-match.ts';
import type {FlagDefinition} from './flags.ts';
import {FLAGS, findFlag, findFlagByLetter, getTypedName} from './flags.ts';
import {describeExpectation} from './read-value.ts';
import {quoted, UsageError} from './usage-error.ts';

export interface ScannedArguments {
	/** `--name=value`, `--name` or `--no-name`; each flag that is not multiple at most once. */
	readonly flagWords: readonly string[];
	readonly givenFlags: readonly FlagDefinition[];
	/** Everything else, in order. */
	readonly operands: readonly string[];
	/** How many of the operands precede `--`: only those can be the word of a command. */
	readonly operandsBeforeEnd: number;
}

/** Whether a word in front of `--` is a flag. No flag accepts such a word as its value. */
export function hasFlagWord(words: readonly string[], ...wanted: readonly string[]): boolean {
	const end = words.indexOf('--');
	return words.some((word, index) => (end === -1 || index < end) && wanted.includes(word));
}

/** @throws {UsageError} For an unknown flag, a missing value and a value that is not allowed. */
export function scanArguments(words: readonly string[]): ScannedArguments {
	const flagWords = new Map<string, {flag: FlagDefinition; word: string}>();
	const operands: string[] = [];
	let operandsBeforeEnd: number | undefined;
	const add = (flag: FlagDefinition, word: string): void => {
		// The last one counts, so that `fileproc-tui -j 8` in an alias can be overridden; a multiple one counts each time.
		const key = flag.type === 'string' && flag.isMultiple ? `${flag.name} ${flagWords.size}` : flag.name;
		flagWords.set(key, {flag, word});
	};
	const end = words.includes('--') ? words.indexOf('--') : words.length;
	const queue = words.flatMap((word, index) => (index < end ? splitLetters(word) : [word]));
	for (let index = 0; index < queue.length; index++) {
		const word = queue[index] ?? '';
		if (word === '--') {
			operandsBeforeEnd = operands.length;
			operands.push(...queue.slice(index + 1));
			break;
		}
		if (!word.startsWith('-') || word === '-') {
			operands.push(word);
			continue;
		}
		const {label, name, value} = splitWord(word);
		const {flag, isNegated} = resolveFlag(label, name);
		if (flag.type === 'boolean') {
			if (value !== undefined) throw new UsageError(`${label} takes no value, but got ${quoted(value)}.`);
			add(flag, isNegated ? `--no-${flag.name}` : `--${flag.name}`);
			continue;
		}
		if (isNegated) {
			add(flag, `--${flag.name}=never`);
			continue;
		}
		const next = queue[index + 1];
		if (value === undefined) {
			if (next === undefined || isFlagLike(next)) {
				const found = next === undefined ? 'nothing follows it' : `${quoted(next)} follows it`;
				throw new UsageError(`${describeExpectation(flag, label)}, but ${found}.`);
			}
			index++;
		}
		add(flag, `--${flag.name}=${protectQuotes(value ?? next ?? '')}`);
	}
	return {
		flagWords: [...flagWords.values()].map(({word}) => word),
		givenFlags: [...flagWords.values()].map(({flag}) => flag),
		operands,
		operandsBeforeEnd: operandsBeforeEnd ?? operands.length,
	};
}

/**
Expands `-j8`, `-j=8` and `-hv`; any other word stays as it is.

@throws {UsageError} For a long flag with one dash, which would otherwise be read as letters.
*/
function splitLetters(word: string): string[] {
	if (!/^-[a-z]./i.test(word)) return [word];
	const {label, name} = splitWord(word);
	if (findFlag(name) !== undefined) throw new UsageError(`There is no flag ${quoted(label)}. Did you mean -${label}?`);
	const letter = word.slice(1, 2);
	const flag = findFlagByLetter(letter);
	if (flag === undefined) return [word];
	if (flag.type !== 'boolean') return [`-${letter}=${word.slice(word[2] === '=' ? 3 : 2)}`];
	return [`-${letter}`, ...splitLetters(`-${word.slice(2)}`)];
}

function splitWord(word: string): {label: string; name: string; value: string | undefined} {
	const equals = word.indexOf('=');
	const label = equals === -1 ? word : word.slice(0, equals);
	return {label, name: label.replace(/^--?/, ''), value: equals === -1 ? undefined : word.slice(equals + 1)};
}

function resolveFlag(label: string, name: string): {flag: FlagDefinition; isNegated: boolean} {
	const flag = label.startsWith('--') ? findFlag(name) : findFlagByLetter(name);
	if (flag !== undefined) return {flag, isNegated: false};
	const positive = label.startsWith('--no-') ? findFlag(name.slice(3)) : undefined;
	// Most programs accept `--no-color`, whatever their own flag is called.
	const isNegatable = positive?.type === 'boolean' ? positive.group !== 'General' : positive?.name === 'color';
	if (positive !== undefined && isNegatable) return {flag: positive, isNegated: true};
	const closest = findClosestMatch(label, FLAGS.map(getTypedName));
	const hint = closest === undefined ? '' : ` Did you mean ${closest}?`;
	throw new UsageError(`There is no flag ${quoted(label)}.${hint}`);
}

/** `-` is standard input, and for `-1` the message about the allowed range is more helpful. */
const isFlagLike = (word: string): boolean => /^-[^\d.]/.test(word);

/** meow's parser removes one pair of quotes around a value, so another pair is added. */
const protectQuotes = (value: string): string => (/^(["']).*\1$/s.test(value) ? `"${value}"` : value);
