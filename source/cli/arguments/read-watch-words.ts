// The words of `watch` and `routes`: which folder, which routes.
import type {ConfigFile} from '../config-file/read-configs.ts';
import type {FlagValues} from './flags.ts';
import {readOwnPath} from './read-operand.ts';
import {readWatchFlags, type WatchFlags} from './read-watch-flags.ts';
import {quoted, UsageError} from './usage-error.ts';

const OF_OBJECTS =
	' What comes into a bucket is read by a run that a timer starts, which reads only what is new or has changed: fileproc-tui s3://bucket/in/ --save --resume.';

/** @param isClassic - Whether it was called like the system that this one replaces. */
export function readWatchWords(
	words: readonly string[],
	values: FlagValues,
	files: readonly ConfigFile[],
	isClassic: boolean,
): {readonly directory: string | null; readonly options: WatchFlags} {
	const options = readWatchFlags(values, files, isClassic);
	// A file of routes may name the folder.
	const isNamed = words.length > 0 || (options.input === null && values.routes === undefined && !isClassic);
	const directory = isNamed ? readOwnPath(words, 'watch takes the folder to watch', 'watch ./inbox', OF_OBJECTS) : null;
	return {directory, options};
}

export function readRoutesWords(words: readonly string[]): {
	readonly file: string;
	readonly paths: readonly string[];
} {
	const [action, file = '', ...paths] = words;
	if (action === 'check' && file !== '' && !paths.includes('')) return {file, paths};
	const found = words.length === 0 ? '' : `; but got ${words.map(quoted).join(' ')}`;
	throw new UsageError(
		`routes takes check and the file with the routes, for example: fileproc-tui routes check routes.json ./data/orders.csv${found}.`,
	);
}
