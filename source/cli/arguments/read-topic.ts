// What help is asked for.
import {findClosestMatch} from '../../text/closest-match.ts';
import {RECIPE_NAMES, type RecipeName} from './flags/recipe-names.ts';
import {TOPIC_NAMES, type TopicName} from './flags/topic-names.ts';
import {COMMANDS, type CommandName, wordOf} from './flags.ts';
import {quoted, UsageError} from './usage-error.ts';

type Topic = CommandName | RecipeName | TopicName | 'all' | null;

/** Those that are no commands. */
const OTHERS = [...RECIPE_NAMES, ...TOPIC_NAMES];

const findTopic = (word: string): Topic =>
	word === 'all'
		? word
		: (COMMANDS.find(command => wordOf(command) === word)?.name ?? OTHERS.find(name => name === word) ?? null);

/** By `--help`: that of the command that is named, of a run where a path is, or how to begin (`null`). */
export function topicOf(words: readonly string[]): Topic {
	const [named, topic] = words.filter(word => !word.startsWith('-'));
	if (named === 'help') return topic === undefined ? null : (findTopic(topic) ?? 'run');
	if (named === undefined || named === 'all') return named ?? null;
	return COMMANDS.find(command => wordOf(command) === named)?.name ?? 'run';
}

/** By `help <topic>`. @throws {UsageError} */
export function readTopic([word, ...more]: readonly string[]): Topic {
	if (word === undefined) return null;
	// A path is something to run.
	if (/[./\\]/.test(word)) return 'run';
	const topic = findTopic(word);
	if (topic !== null && more.length === 0) return topic;
	if (topic !== null) throw new UsageError(`help takes one word, but got ${[word, ...more].map(quoted).join(' ')}.`);
	const closest = findClosestMatch(word, [...COMMANDS.map(command => wordOf(command)), ...OTHERS]);
	const hint = closest === undefined ? '' : ` Did you mean fileproc-tui help ${closest}?`;
	throw new UsageError(`There is no help about ${quoted(word)}: expected a command, or ${OTHERS.join(', ')}.${hint}`);
}
