// The words of the command line, sorted into flags and the rest before meow sees them. meow's parser takes what it gets:
// an unknown flag swallows the path after it, `--files-from -` loses its dash, a missing value is an empty text, a flag
// given twice is an error. So every word is looked up in the table here, and meow receives `--name=value` words only.

import {findClosestMatch} from '../../text/closest-match.ts';
import type {FlagDefinition} from './flags.ts';
import {FLAGS, findFlag, findFlagByLetter, getTypedName} from './flags.ts';
import {describeExpectation} from './read-value.ts';
import {quoted, UsageError} from './usage-error.ts';

export interface ScannedArguments {
	/** `--name=value`, `--name` or `--no-name`, each flag that is not multiple at most once. */
	readonly flagWords: readonly string[];
	readonly givenFlags: readonly FlagDefinition[];
	/** Everything else, in order. */
	readonly operands: readonly string[];
	/** How many of the operands stood before `--`: only those can be the word of a command. */
	readonly operandsBeforeEnd: number;
}

/** Whether a word is there that is a flag and not behind `--`. No flag ever takes such a word as its value. */
export function hasFlagWord(words: readonly string[], ...wanted: readonly string[]): boolean {
	const end = words.indexOf('--');
	return words.some((word, index) => (end === -1 || index < end) && wanted.includes(word));
}

/** @throws {UsageError} For an unknown flag, a value that is missing and one that has no place. */
export function scanArguments(words: readonly string[]): ScannedArguments {
	const flagWords = new Map<string, {flag: FlagDefinition; word: string}>();
	const operands: string[] = [];
	let operandsBeforeEnd: number | undefined;
	const add = (flag: FlagDefinition, word: string): void => {
		// The last one counts, so that `fileproc-tui -j 8` in an alias can be overruled; a multiple one counts each time.
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
		const {flag, isNegated} = lookUp(label, name);
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
`-j8`, `-j=8` and `-hv` as the words they stand for; any other word as it is.

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

function lookUp(label: string, name: string): {flag: FlagDefinition; isNegated: boolean} {
	const flag = label.startsWith('--') ? findFlag(name) : findFlagByLetter(name);
	if (flag !== undefined) return {flag, isNegated: false};
	const positive = label.startsWith('--no-') ? findFlag(name.slice(3)) : undefined;
	// `--no-color` is what most programs have taken for years, whatever else they call it.
	const isNegatable = positive?.type === 'boolean' ? positive.group !== 'General' : positive?.name === 'color';
	if (positive !== undefined && isNegatable) return {flag: positive, isNegated: true};
	const nearest = findClosestMatch(label, FLAGS.map(getTypedName));
	const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
	throw new UsageError(`There is no flag ${quoted(label)}.${hint}`);
}

/** `-` is standard input and `-1` a number that deserves to be told its range. */
const isFlagLike = (word: string): boolean => /^-[^\d.]/.test(word);

/** meow's parser takes away a pair of quotes around a value; a second pair is what it may take. */
const protectQuotes = (value: string): string => (/^(["']).*\1$/s.test(value) ? `"${value}"` : value);
